"""Distils: brings a draft's law near to a recorded one."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
import torch

from .law import agreement, divergence
from .recording import Texts
from .transformer import Transformer


# Batches that are cut at once from texts sorted by length.
WINDOW = 16


@dataclass
class Plan:
    """How long and how fast a draft learns."""

    # Tokens of recordings to see in all, repetitions counted.
    tokens: int = 2_000_000
    batch_tokens: int = 4096
    learning_rate: float = 6e-4
    # The part of the steps in which the rate rises.
    warm_up: float = 0.03
    # The rate's last part of its greatest.
    last_rate: float = 0.05
    # Tokens after which the rate rises and falls anew (warm restarts, arXiv 1608.03983): a finished
    # draft goes on to learn, as far as it was.
    restarts: list[int] = field(default_factory=list)
    weight_decay: float = 0.01
    # Tokens between two measurements on held-out texts, and how many of these may pass without a
    # better one before the training stops.
    check_tokens: int = 200_000
    patience: int = 5
    # The embedding's rate as a part of the learning rate: most of its rows were trained for long and
    # are the output head too, so steps as great as the layers' would undo more than they teach. 0
    # leaves it as it is.
    embedding_rate: float = 0.1
    seed: int = 1


@dataclass
class State:
    """Where a training stands."""

    tokens: int = 0
    step: int = 0
    best: float = -1.0
    checks_since_best: int = 0
    # The tokens at the last measurement.
    checked_tokens: int = -1


class Trainer:
    """A training that can be stopped at any time and goes on from its last checkpoint."""

    def __init__(
        self,
        model: Transformer,
        texts: Texts,
        held_out: dict[str, Texts],
        plan: Plan,
        folder: Path,
        device: str = "cpu",
        report: Callable[[str], None] = print,
    ):
        self.model = model.to(device)
        self.texts = texts
        self.held_out = held_out
        self.plan = plan
        self.folder = folder
        self.device = device
        self.report = report
        self.state = State()
        if texts.token_count == 0:
            raise ValueError("there is no text to learn from")
        embedding = model.embedding.weight.requires_grad_(plan.embedding_rate > 0)
        rest = [p for p in model.parameters() if p is not embedding]
        self.optimizer = torch.optim.AdamW(
            [{"params": [p for p in rest if p.dim() > 1], "weight_decay": plan.weight_decay},
             {"params": [p for p in rest if p.dim() <= 1], "weight_decay": 0.0},
             {"params": [embedding], "weight_decay": 0.0, "part": plan.embedding_rate}],
            lr=plan.learning_rate, betas=(0.9, 0.95),
        )
        folder.mkdir(parents=True, exist_ok=True)
        self._resume()

    def run(self, seconds: float = math.inf) -> None:
        """Trains until the plan is done, nothing gets better any more, or time is up."""
        began = time.monotonic()
        first = self.state.tokens
        shown = began
        for indices in self._batches():
            if self.state.tokens >= self.plan.tokens or self._has_stalled:
                break
            loss = self._step(indices)
            now = time.monotonic()
            if now - shown > 30:
                shown = now
                rate = (self.state.tokens - first) / (now - began)
                left = (self.plan.tokens - self.state.tokens) / rate
                self.report(
                    f"{self.state.tokens:,} of {self.plan.tokens:,} tokens, {rate:,.0f} tokens/s, "
                    f"at most {_clock(min(left, seconds - (now - began)))} left, loss {loss:.3f}"
                )
            if now - began > seconds:
                break
        if self.state.checked_tokens < self.state.tokens:
            self._check(counts=False)

    @property
    def _has_stalled(self) -> bool:
        return self.state.checks_since_best >= self.plan.patience

    def _step(self, indices: list[int]) -> float:
        batch = self.texts.batch(indices).to(self.device)
        rate = self.plan.learning_rate * self._rate(self.state.tokens)
        for group in self.optimizer.param_groups:
            group["lr"] = rate * group.get("part", 1.0)
        self.model.train()
        with torch.autocast(self.device, dtype=torch.bfloat16):
            logits = self.model(batch.inputs)
        loss = divergence(logits, batch)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        before = self.state.tokens
        self.state.tokens += int(batch.mask.sum())
        self.state.step += 1
        if before // self.plan.check_tokens != self.state.tokens // self.plan.check_tokens:
            self._check()
        return float(loss.detach())

    def _rate(self, tokens: int) -> float:
        limits = [0, *self.plan.restarts, self.plan.tokens]
        start = max(limit for limit in limits[:-1] if limit <= tokens)
        end = limits[limits.index(start) + 1]
        done = min((tokens - start) / (end - start), 1)
        if done < self.plan.warm_up:
            return (done + 1e-3) / (self.plan.warm_up + 1e-3)
        fall = (done - self.plan.warm_up) / (1 - self.plan.warm_up)
        cosine = (1 + math.cos(math.pi * fall)) / 2
        return self.plan.last_rate + (1 - self.plan.last_rate) * cosine

    def _batches(self):
        """Indices of texts, each batch of similar lengths so that little is padded, in an order
        that depends on the seed and the texts' lengths alone; those that a checkpoint has seen are
        left out."""
        skipped = self.state.step
        random = np.random.default_rng([self.plan.seed, len(self.texts)])
        order = self._order()
        window: list[int] = []
        while True:
            while self._count(window) < WINDOW * self.plan.batch_tokens:
                window.append(next(order))
            window.sort(key=lambda index: self.texts.pieces[index].count)
            batches: list[list[int]] = [[]]
            for index in window:
                if self._count(batches[-1]) >= self.plan.batch_tokens:
                    batches.append([])
                batches[-1].append(index)
            # What does not fill a batch waits for the next window.
            is_full = self._count(batches[-1]) >= self.plan.batch_tokens
            window = [] if is_full else batches.pop()
            for batch in random.permutation(len(batches)):
                if skipped > 0:
                    skipped -= 1
                else:
                    yield batches[batch]

    def _order(self):
        """Indices of texts, all of them once an epoch."""
        epoch = 0
        while True:
            random = np.random.default_rng([self.plan.seed, epoch])
            yield from map(int, random.permutation(len(self.texts)))
            epoch += 1

    def _count(self, indices: list[int]) -> int:
        return sum(self.texts.pieces[index].count for index in indices)

    def measure(self) -> dict[str, float]:
        """The agreement with the recorded law on held-out texts, by domain."""
        self.model.eval()
        return {
            domain: measured_agreement(self.model, texts, self.device)
            for domain, texts in self.held_out.items()
        }

    def _check(self, counts: bool = True) -> None:
        """Measures, and keeps the draft and where the training stands.

        counts: Whether a measurement that is no better brings the early end nearer; one that is
        made because time is up does not.
        """
        self.state.checked_tokens = self.state.tokens
        measured = self.measure()
        mean = sum(measured.values()) / len(measured)
        words = ", ".join(f"{domain} {value:.3f}" for domain, value in measured.items())
        self.report(f"{self.state.tokens:,} tokens: agreement {words}")
        is_best = mean > self.state.best
        if is_best:
            self.state.best = mean
            self.state.checks_since_best = 0
            _save(self.model.state_dict(), self.folder / "best.pt")
        elif counts:
            self.state.checks_since_best += 1
        with open(self.folder / "log.jsonl", "a") as log:
            entry = {"tokens": self.state.tokens, "step": self.state.step, "agreement": measured}
            log.write(json.dumps(entry) + "\n")
        whole = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "state": asdict(self.state),
        }
        _save(whole, self.folder / "checkpoint.pt")

    def _resume(self) -> None:
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return
        whole = torch.load(path, map_location=self.device, weights_only=True)
        self.model.load_state_dict(whole["model"])
        self.optimizer.load_state_dict(whole["optimizer"])
        self.state = State(**whole["state"])
        self.report(f"going on after {self.state.tokens:,} tokens")


def _save(value: dict, path: Path) -> None:
    """Written beside and moved, so that an interruption leaves the old file or the new one."""
    new = path.with_suffix(".new")
    torch.save(value, new)
    new.replace(path)


def measured_agreement(model: Transformer, texts: Texts, device: str = "cpu") -> float:
    """The mean of sum min(p, q) over the texts' positions."""
    total, positions = 0.0, 0.0
    with torch.no_grad():
        for start in range(0, len(texts), 8):
            batch = texts.batch(list(range(start, min(start + 8, len(texts))))).to(device)
            common, count = agreement(model(batch.inputs), batch)
            total += common
            positions += count
    return total / max(positions, 1)


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(int(max(seconds, 0)), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
