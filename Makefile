# PyramidSD. `make` alone explains itself.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.PHONY: help serve client-test llama llama-tools report report-test draft training-test build run test bench bench-forward bench-decode accuracy benchmarks docs format lint clean distclean

CONFIGURATION := release
LLAMA_PKG_CONFIG = $(shell scripts/build-llama pkg-config)
SWIFT_ENV = PKG_CONFIG_PATH="$(LLAMA_PKG_CONFIG):$$PKG_CONFIG_PATH"
PYRAMID := .build/$(CONFIGURATION)/pyramid
PROMPT := Write a Python class for a binary search tree with insert, search, delete and an in-order iterator.

help: ## Show this list
	@echo "make TARGET, where TARGET is one of:"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

llama: ## Fetch and build llama.cpp into .llama/ (once; skipped when pkg-config has one)
	@scripts/build-llama

llama-tools: ## Build llama.cpp's own programs for bench --against llama.cpp (10 minutes, once)
	@scripts/build-llama tools

build: llama ## Build the pyramid program and the libraries
	$(SWIFT_ENV) swift build -c $(CONFIGURATION)

run: build ## The main job: pull qwen2.5-coder and decode a prompt with four levels
	$(PYRAMID) pull qwen2.5-coder
	$(PYRAMID) generate --family qwen2.5-coder --chat --temp 0 -n 128 --compare --prompt "$(PROMPT)"

serve: build ## Serve qwen2.5-coder at http://127.0.0.1:8080/ (API, and a page to chat)
	$(PYRAMID) pull qwen2.5-coder
	$(PYRAMID) serve --family qwen2.5-coder

test: llama ## Build everything, pull smollm2 and run all tests
	scripts/test-kernels
	$(SWIFT_ENV) swift build -c $(CONFIGURATION) --build-tests
	@if model=$$($(PYRAMID) pull smollm2); then \
		export PYRAMID_TEST_MODELS="$$(dirname "$${model%%$$'\n'*}")"; \
	else \
		echo "smollm2 cannot be had: the tests with a real model are skipped" >&2; \
	fi; \
	$(SWIFT_ENV) swift test -c $(CONFIGURATION) --skip-build --no-parallel --disable-xctest

.client-env/.complete: Tests/ClientTests/requirements.txt
	python3 -m venv .client-env
	.client-env/bin/python -m pip install --quiet -r Tests/ClientTests/requirements.txt
	@touch $@

client-test: build .client-env/.complete ## Test the server with OpenAI's client, bad clients and Chromium
	@model=$$($(PYRAMID) pull smollm2) || { echo "smollm2 cannot be had: skipped" >&2; exit 0; }; \
	cd Tests/ClientTests && PYRAMID_PROGRAM=$(abspath $(PYRAMID)) \
		PYRAMID_TEST_MODELS="$$(dirname "$${model%%$$'\n'*}")" \
		../../.client-env/bin/python -m unittest

bench: llama ## Measure what the decoding core costs per token
	$(SWIFT_ENV) swift run -c release --package-path Benchmarks core-benchmark

# For all that need models: paths of what the catalogue has, one a line.
SMOLLM2 = $$($(PYRAMID) pull smollm2)
QWEN = $$($(PYRAMID) pull qwen2.5-coder)
THREADS := $(shell getconf _NPROCESSORS_ONLN)
BENCHMARK = $(SWIFT_ENV) swift run -c release --package-path Benchmarks

bench-forward: build ## Time forwards of 1 to 32 rows on both backends (25 repeats, REPEATS=n JSON=file.jsonl)
	$(BENCHMARK) forward-benchmark $(THREADS) $(or $(REPEATS),25) $(if $(JSON),--json $(JSON)) $(SMOLLM2) $(QWEN)

bench-decode: build ## Time whole decoding on both backends (PROMPTS=file.jsonl COUNT=20 TOKENS=128)
	@test -f "$(PROMPTS)" || { echo "PROMPTS=file.jsonl is missing: lines with a \"prompt\", such as HumanEval's" >&2; exit 1; }
	$(BENCHMARK) decode-benchmark $(THREADS) $(or $(COUNT),20) $(or $(TOKENS),128) $(PROMPTS) $$($(PYRAMID) pull qwen2.5-coder | sed -n 1,2p)

accuracy: build ## Compare both backends' laws on a text (TEXT=file MODEL=file.gguf TOKENS=4000)
	@test -f "$(TEXT)" -a -f "$(MODEL)" || { echo "TEXT=file MODEL=file.gguf are missing" >&2; exit 1; }
	$(BENCHMARK) accuracy-benchmark $(or $(TOKENS),4000) $(TEXT) $(MODEL) $(REFERENCE)

benchmarks: llama ## Only build the benchmarks
	$(SWIFT_ENV) swift build -c release --package-path Benchmarks

REPORT_PYTHON = .report-env/bin/python
.report-env/.complete: Benchmarks/report/requirements.txt
	python3 -m venv .report-env
	$(REPORT_PYTHON) -m pip install --quiet -r Benchmarks/report/requirements.txt
	@touch $@

report: .report-env/.complete ## One HTML page with figures of results (RECORDS="a.jsonl b.jsonl" OUT=report.html)
	@test -n "$(RECORDS)" || { echo 'RECORDS="a.jsonl b.jsonl" is missing: files of bench, eval or sweep --json' >&2; exit 1; }
	@$(REPORT_PYTHON) Benchmarks/report/report.py -o "$(or $(OUT),report.html)" $(RECORDS)

report-test: .report-env/.complete ## Test the report on a sample
	cd Benchmarks/report && ../../$(REPORT_PYTHON) -m unittest -q test_report

# PyPI's own build of PyTorch brings 3 GB for CUDA; the CPU's is taken where pip knows it.
DRAFT = $(basename $(notdir $(RECIPE)))-draft
TRAINING_PYTHON = .training-env/bin/python
.training-env/.complete: Training/requirements.txt
	python3 -m venv .training-env
	$(TRAINING_PYTHON) -m pip install --quiet -r Training/requirements.txt
	@touch $@

draft: build .training-env/.complete ## Make a draft by a recipe (RECIPE=Training/recipes/x.toml MINUTES=60 WORK=.training)
	@test -f "$(RECIPE)" || { echo "RECIPE=Training/recipes/smollm2.toml is missing" >&2; exit 1; }
	cd Training && ../$(TRAINING_PYTHON) -m pyramid_training $(abspath $(RECIPE)) \
		--pyramid $(abspath $(PYRAMID)) --work $(abspath $(or $(WORK),.training))/$(DRAFT) \
		-o $(abspath $(DRAFT)).gguf $(if $(MINUTES),--minutes $(MINUTES))
	family=$$(sed -n 's/^family = "\(.*\)"/\1/p' "$(RECIPE)"); \
	models=$$($(PYRAMID) pull "$$family" | grep -v '/$(DRAFT).gguf$$'); \
	$(BENCHMARK) forward-benchmark $(THREADS) 9 $(DRAFT).gguf $$models

training-test: .training-env/.complete ## Test the training with a toy teacher
	cd Training && ../$(TRAINING_PYTHON) -m unittest -q

docs: llama ## Build the documentation of the libraries; warnings are errors
	@mkdir -p .docs
	@for target in PyramidDecoding PyramidEngine GGUF NativeBackend LlamaBackend PyramidBackends \
		PyramidEvaluation ModelStore Grammar ChatTemplates PyramidServer; do \
		$(SWIFT_ENV) swift package -c release --allow-writing-to-directory .docs generate-documentation \
			--target $$target --output-path .docs/$$target --warnings-as-errors || exit 1; \
	done

format: ## Lay out all Swift code
	swift format --in-place --recursive Sources Tests Benchmarks/Sources Package.swift

lint: ## Check layout and rules strictly
	swift format lint --strict --recursive Sources Tests Benchmarks/Sources Package.swift

clean: ## Remove what Swift built
	rm -rf .build Benchmarks/.build .docs

distclean: clean ## Remove llama.cpp too
	rm -rf .llama .report-env .training-env .client-env
