"""Laws that `pyramid record` wrote down."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from .vocabulary import TrimmedVocabulary


class Recording:
    """Texts and the laws that a model gave their tokens, each cut to its most probable tokens.

    Row i holds token i and the law that it had after the rows of its text before it; a text's
    first row has no law.
    """

    def __init__(self, folder: Path):
        names = ("tokens", "ids", "logs", "texts")
        missing = [name for name in names if not (folder / f"{name}.npy").exists()]
        if missing:
            raise FileNotFoundError(
                f"{folder} is no recording: {missing[0]}.npy is missing; make one by "
                "`pyramid record`"
            )
        self.tokens, self.ids, self.logs, texts = (
            np.load(folder / f"{name}.npy", mmap_mode="r") for name in names
        )
        # Where texts begin, and where the answers in them do.
        self.starts = np.append(texts[:, 0], len(self.tokens))
        self.answers = texts[:, 1]
        if not len(self.tokens) == len(self.ids) == len(self.logs):
            raise ValueError(f"{folder}: the recording was interrupted; record it again")

    def __len__(self) -> int:
        """The number of texts."""
        return len(self.starts) - 1

    @property
    def token_count(self) -> int:
        return len(self.tokens)

    def rows(self, text: int) -> slice:
        return slice(int(self.starts[text]), int(self.starts[text + 1]))

    def counts(self, vocabulary_size: int) -> np.ndarray:
        """How often each token occurs, in texts and, by probability, in laws."""
        counts = np.bincount(self.tokens, minlength=vocabulary_size).astype(np.float64)
        step = 1 << 16
        for start in range(0, len(self.tokens), step):
            rows = slice(start, start + step)
            np.add.at(counts, self.ids[rows].ravel(), np.exp(self.logs[rows].ravel()))
        return counts


@dataclass
class Batch:
    """Texts of equal length, padded at the end, in a draft's own ids."""

    # [texts, length], what the draft is fed.
    inputs: torch.Tensor
    # [texts, length, k]: the law of the token after each input; ids of the draft's tokens.
    ids: torch.Tensor
    # Their probabilities under the teacher; 0 for what the draft does not know.
    probabilities: torch.Tensor
    # [texts, length]: 1 where there is a law.
    mask: torch.Tensor

    def to(self, device: str) -> "Batch":
        """The same on a device."""
        tensors = (self.inputs, self.ids, self.probabilities, self.mask)
        return Batch(*(tensor.to(device) for tensor in tensors))


@dataclass
class Piece:
    """Rows of a recording that a draft reads at once."""

    recording: Recording
    start: int
    stop: int
    # The first row whose law counts.
    first: int

    @property
    def count(self) -> int:
        """Inputs: each but the last row, and the law of the row after it."""
        return self.stop - self.start - 1


class Texts:
    """Texts of recordings, as batches for a draft."""

    def __init__(
        self,
        recordings: list[Recording],
        trimmed: TrimmedVocabulary,
        length: int,
        only_answers: bool = False,
    ):
        """With `only_answers` the laws within prompts do not count."""
        self.trimmed = trimmed
        self.pieces: list[Piece] = []
        for recording in recordings:
            for text in range(len(recording)):
                rows = recording.rows(text)
                first = int(recording.answers[text]) if only_answers else rows.start
                for start in range(rows.start, rows.stop - 1, length):
                    # One more row, whose law the last input is for.
                    stop = min(start + length + 1, rows.stop)
                    if stop > max(first, start + 1):
                        self.pieces.append(Piece(recording, start, stop, first))

    def __len__(self) -> int:
        return len(self.pieces)

    @property
    def token_count(self) -> int:
        return sum(piece.count for piece in self.pieces)

    def batch(self, indices: list[int]) -> Batch:
        pieces = [self.pieces[index] for index in indices]
        kept = min(piece.recording.ids.shape[1] for piece in pieces)
        longest = max(piece.count for piece in pieces)
        inputs = np.zeros((len(pieces), longest), dtype=np.int64)
        ids = np.zeros((len(pieces), longest, kept), dtype=np.int64)
        probabilities = np.zeros((len(pieces), longest, kept), dtype=np.float32)
        mask = np.zeros((len(pieces), longest), dtype=np.float32)
        for row, piece in enumerate(pieces):
            recording, count = piece.recording, piece.count
            fed = slice(piece.start, piece.stop - 1)
            drawn = slice(piece.start + 1, piece.stop)
            inputs[row, :count] = self.trimmed.stand_ins[recording.tokens[fed]]
            own = self.trimmed.own_ids[recording.ids[drawn, :kept]]
            laws = np.exp(recording.logs[drawn, :kept])
            laws[own < 0] = 0
            ids[row, :count] = np.maximum(own, 0)
            probabilities[row, :count] = laws
            mask[row, max(0, piece.first - piece.start - 1) : count] = 1
        return Batch(*(torch.from_numpy(array) for array in (inputs, ids, probabilities, mask)))
