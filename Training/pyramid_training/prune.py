"""Chooses which of a teacher's layers a draft keeps."""

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
    teacher: Teacher,
    trimmed: TrimmedVocabulary,
    count: int,
    batches: list[Batch],
    report: Callable[[str], None] = print,
) -> list[int]:
    """The layers that, one added after the other, bring the law nearest to the teacher's.

    Layers stay in the teacher's order. Each step tries every layer that is left, by its measured
    effect: the divergence on `batches` with it, without any training.
    """
    if not 1 <= count <= teacher.shape.layers:
        raise ValueError(f"{count} layers are not 1 to {teacher.shape.layers}")
    whole = teacher.model(list(range(teacher.shape.layers)), trimmed).eval()
    chosen: list[int] = []
    for _ in range(count):
        effects = {}
        for layer in range(teacher.shape.layers):
            if layer not in chosen:
                effects[layer] = _divergence(whole, sorted([*chosen, layer]), batches)
        best = min(effects, key=effects.get)
        chosen = sorted([*chosen, best])
        report(f"layer {best} brings the divergence to {effects[best]:.3f}: {chosen}")
    return chosen


def _divergence(whole: nn.Module, layers: list[int], batches: list[Batch]) -> float:
    part = copy.copy(whole)
    # A copy of the module's own tables, so that the whole keeps its layers.
    part._modules = dict(whole._modules)
    part.layers = nn.ModuleList(whole.layers[layer] for layer in layers)
    with torch.no_grad():
        losses = [float(divergence(part(batch.inputs), batch)) for batch in batches]
    return sum(losses) / len(losses)
