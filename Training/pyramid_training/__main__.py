"""Makes a draft by a recipe: data, layers, training, GGUF file, report."""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch

from .export import export
from .prune import choose_layers
from .recipe import Data, Recipe
from .recording import Recording, Texts
from .teacher import Teacher
from .train import Trainer, measured_agreement
from .vocabulary import TrimmedVocabulary


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m pyramid_training", description=__doc__)
    parser.add_argument("recipe", type=Path, help="a recipe, such as recipes/smollm2.toml")
    parser.add_argument("--pyramid", type=Path, required=True, help="the pyramid program")
    parser.add_argument("--work", type=Path, required=True, help="where data and checkpoints go")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the GGUF file to write")
    parser.add_argument("--minutes", type=float, default=math.inf, help="the most time to train")
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    arguments = parser.parse_args()
    try:
        make(arguments)
    except (ValueError, FileNotFoundError) as error:
        sys.exit(f"error: {error}")
    except subprocess.CalledProcessError as error:
        # It has said itself what was wrong.
        sys.exit(f"error: {shlex.join(error.cmd)} failed")


def make(arguments: argparse.Namespace) -> None:
    recipe = Recipe.read(arguments.recipe)
    torch.manual_seed(recipe.seed)
    recipe.claim(arguments.work)
    data = Data(recipe, arguments.work / "data", arguments.pyramid)
    laws = data.make()
    teacher = Teacher(data.teacher)
    learnt = [recording for domain in laws.values() for recording in domain.learnt]
    trimmed = vocabulary(recipe, teacher, learnt)
    texts = Texts(learnt, trimmed, recipe.length)
    held_out = {
        name: {
            whose: Texts([recording], trimmed, recipe.length, only_answers=True)
            for whose, recording in domain.held_out.items()
        }
        for name, domain in laws.items()
    }
    print(f"{texts.token_count:,} tokens to learn from")
    base = Teacher(data.base)
    layers = chosen_layers(recipe, base, trimmed, texts, arguments.work)
    trainer = Trainer(
        base.model(layers, trimmed), texts,
        {name: by["teacher"] for name, by in held_out.items()}, recipe.plan, arguments.work,
        arguments.device,
    )
    trainer.run(arguments.minutes * 60)
    best = torch.load(arguments.work / "best.pt", map_location="cpu", weights_only=True)
    trainer.model.load_state_dict(best)
    facts = {
        "recipe": arguments.recipe.name,
        "teacher_sha256": sha256(data.teacher),
        "base_sha256": sha256(data.base),
        "layers": layers,
        "tokens": trainer.state.tokens,
        "seed": recipe.seed,
    }
    model = trainer.model.cpu()

    def write() -> None:
        export(
            model, teacher, trimmed, arguments.output, recipe.name, recipe.matrix_type,
            recipe.embedding_type, facts, base,
        )

    # Twice, because what it says of itself is measured on the quantized file.
    write()
    everything = TrimmedVocabulary.whole(trimmed.vocabulary)
    written = Teacher(arguments.output).model(list(range(len(layers))), everything)
    written = written.eval().to(arguments.device)
    for name, by in held_out.items():
        for whose, part in by.items():
            facts[f"agreement.{name}.{whose}"] = measured_agreement(
                written, part, arguments.device)
    write()
    print(json.dumps(facts))


def vocabulary(recipe: Recipe, teacher: Teacher, learnt: list[Recording]) -> TrimmedVocabulary:
    """The tokens that occur most often in what is learnt, and all that a chat is made of."""
    counts = sum(recording.counts(len(teacher.vocabulary)) for recording in learnt)
    used = [
        teacher.vocabulary.texts[token]
        for token in np.flatnonzero(counts > 0)
        if teacher.vocabulary.kinds[token] == 3
    ]
    return TrimmedVocabulary.of_most_frequent(
        teacher.vocabulary, counts, recipe.vocabulary, kept=used
    )


def chosen_layers(
    recipe: Recipe, base: Teacher, trimmed: TrimmedVocabulary, texts: Texts, folder: Path
) -> list[int]:
    """The layers to keep; an earlier choice is kept, since a checkpoint depends on it."""
    path = folder / "layers.json"
    if path.exists():
        return json.loads(path.read_text())
    random = np.random.default_rng(recipe.seed)
    # Few and short: many choices are tried.
    short = [index for index, piece in enumerate(texts.pieces) if 64 <= piece.count <= 192]
    sample = random.permutation(short or len(texts))[:4]
    batches = [texts.batch([int(index)]) for index in sample]
    layers = choose_layers(base, trimmed, recipe.layers, batches)
    path.write_text(json.dumps(layers))
    return layers


def sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    main()
