"""Chooses which of a model's layers a draft keeps."""

from __future__ import annotations

import copy
from collections.abc import Callable

import torch
from torch import nn

from .law import divergence
from .recording import Batch
from .teacher import Teacher
from .vocabulary import TrimmedVocabulary


def choose_layers(
    base: Teacher,
    trimmed: TrimmedVocabulary,
    count: int,
    batches: list[Batch],
    report: Callable[[str], None] = print,
) -> list[int]:
    """The layers that are left when, one after the other, the one is taken out without which the
    law stays nearest to the teacher's: the divergence on `batches`, measured without any training.

    The first and the last layer stay unless only one may: they turn tokens into what the others
    work on, and that into laws.
    """
    if not 1 <= count <= base.shape.layers:
        raise ValueError(f"{count} layers are not 1 to {base.shape.layers}")
    left = list(range(base.shape.layers))
    whole = base.model(left, trimmed).eval()
    while len(left) > count:
        candidates = left[1:-1] if count > 1 else left
        effects = {
            layer: _divergence(whole, [other for other in left if other != layer], batches)
            for layer in candidates
        }
        least = min(effects, key=effects.get)
        left.remove(least)
        report(f"without layer {least} the divergence is {effects[least]:.3f}: {left}")
    return left


def _divergence(whole: nn.Module, layers: list[int], batches: list[Batch]) -> float:
    part = copy.copy(whole)
    # A copy of the module's own tables, so that the whole keeps its layers.
    part._modules = dict(whole._modules)
    part.layers = nn.ModuleList(whole.layers[layer] for layer in layers)
    with torch.no_grad():
        losses = [float(divergence(part(batch.inputs), batch)) for batch in batches]
    return sum(losses) / len(losses)
