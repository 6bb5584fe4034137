"""Records a teacher's laws with PyTorch, where a GPU makes that faster than `pyramid record`.

The weights are the file's, unpacked; only activations are not rounded to eight bits.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from .recipe import lines_of
from .teacher import Teacher
from .vocabulary import TrimmedVocabulary


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m pyramid_training.record", description=__doc__)
    parser.add_argument("teacher", type=Path, help="a GGUF file")
    parser.add_argument("texts", type=Path, help="answers of `pyramid batch`")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the folder to write")
    parser.add_argument("--top", type=int, default=32, help="tokens of each law that are kept")
    parser.add_argument("--length", type=int, default=512, help="the most tokens of a text")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments = parser.parse_args()
    texts = []
    for line in lines_of(arguments.texts):
        answer = json.loads(line)
        texts.append((answer["prompt_tokens"] + answer["tokens"], len(answer["prompt_tokens"])))
    record(
        Teacher(arguments.teacher), texts, arguments.output, arguments.top, arguments.length,
        arguments.device,
    )


def record(
    teacher: Teacher,
    texts: list[tuple[list[int], int]],
    folder: Path,
    kept: int = 32,
    length: int = 512,
    device: str = "cpu",
    rows: int = 2048,
) -> None:
    """Writes the laws on `texts`, tokens and the number of those that are a prompt, in the form of
    `pyramid record`. About `rows` positions are computed at a time."""
    everything = TrimmedVocabulary.whole(teacher.vocabulary)
    model = teacher.model(list(range(teacher.shape.layers)), everything).eval().to(device)
    if device != "cpu":
        model = model.bfloat16()
    pieces = []
    for tokens, prompt in texts:
        for start in range(0, len(tokens), length):
            piece = tokens[start : start + length]
            if len(piece) > 1:
                pieces.append((piece, min(max(0, prompt - start), len(piece))))
    laws: list[tuple[np.ndarray, np.ndarray]] = [None] * len(pieces)
    # Texts of about one length together, so that little is padding.
    order = sorted(range(len(pieces)), key=lambda index: len(pieces[index][0]))
    while order:
        count = max(1, rows // len(pieces[order[-1]][0]))
        group, order = order[-count:], order[:-count]
        longest = max(len(pieces[index][0]) for index in group)
        inputs = torch.zeros(len(group), longest, dtype=torch.long)
        for row, index in enumerate(group):
            inputs[row, : len(pieces[index][0])] = torch.tensor(pieces[index][0])
        with torch.no_grad():
            logits = model(inputs.to(device))
            for row, index in enumerate(group):
                # The last position's law is of a token that is not there.
                law = torch.log_softmax(logits[row, : len(pieces[index][0]) - 1].float(), -1)
                best = law.topk(kept, -1)
                laws[index] = (best.indices.int().cpu().numpy(), best.values.cpu().numpy())
    _write(pieces, laws, folder, kept)


def _write(pieces, laws, folder: Path, kept: int) -> None:
    folder.mkdir(parents=True)
    count = sum(len(piece) for piece, _ in pieces)
    tokens = np.zeros(count, dtype=np.int32)
    ids = np.zeros((count, kept), dtype=np.int32)
    logs = np.full((count, kept), -np.inf, dtype=np.float32)
    texts = np.zeros((len(pieces), 2), dtype=np.int64)
    row = 0
    for index, ((piece, prompt), (own_ids, own_logs)) in enumerate(zip(pieces, laws)):
        rows = slice(row + 1, row + len(piece))
        texts[index] = row, row + prompt
        tokens[row : row + len(piece)] = piece
        ids[row], logs[row, 0] = piece[0], 0
        ids[rows], logs[rows] = own_ids, own_logs
        row += len(piece)
    for name, array in {"tokens": tokens, "ids": ids, "logs": logs, "texts": texts}.items():
        np.save(folder / f"{name}.npy", array)


if __name__ == "__main__":
    main()
