"""Reads results files: one JSON object a line, whose "type" says what it is."""

import json
from collections import defaultdict
from pathlib import Path

KINDS = [
    "header", "bench", "eval", "sweep", "memory", "plan", "forward", "ceiling", "llama-bench",
]


class ResultsError(Exception):
    """A file that is no results file; the message names the place and the way out."""


class Results:
    """All records of some files, by kind, in the order of the files."""

    def __init__(self, paths):
        self.files = [str(path) for path in paths]
        self.kinds = defaultdict(list)
        for path in paths:
            self._read(Path(path))

    def __getitem__(self, kind):
        return self.kinds[kind]

    def _read(self, path):
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except OSError as error:
            raise ResultsError(f"{path}: {error.strerror}; name a file that pyramid wrote") from None
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
                kind = record["type"]
            except (ValueError, KeyError, TypeError):
                # An interrupted run leaves a torn last line.
                if number == len(lines):
                    continue
                raise ResultsError(f"{path}:{number}: no record of pyramid's results") from None
            self.kinds[kind].append(record)


def rate(records):
    """Tokens per second of decoding, all together."""
    seconds = sum(record["decode_seconds"] for record in records)
    return sum(record["generated_tokens"] for record in records) / seconds if seconds else None


def by_method(records):
    """Bench records by method, methods in the order of the file."""
    methods = defaultdict(list)
    for record in records:
        methods[record["method"]].append(record)
    return dict(methods)


def ratio_to_plain(records, plain):
    """The ratio of the rates of a method and of plain decoding, on the prompts of both."""
    common = {r["prompt_id"] for r in records} & {r["prompt_id"] for r in plain}
    own = rate([r for r in records if r["prompt_id"] in common])
    base = rate([r for r in plain if r["prompt_id"] in common])
    return own / base if own and base else None


def mean_variation(records):
    """The mean total variation per token; None where it was not measured."""
    measured = [r for r in records if r.get("mean_total_variation") is not None]
    tokens = sum(r["generated_tokens"] for r in measured)
    if not tokens:
        return None
    return sum(r["mean_total_variation"] * r["generated_tokens"] for r in measured) / tokens


def accuracy(records):
    """The share of the scored answers that is right, and their number; None without any."""
    scored = [r["is_correct"] for r in records if r.get("is_correct") is not None]
    return (sum(scored) / len(scored), len(scored)) if scored else None
