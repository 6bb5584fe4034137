"""How far a draft's law is from its teacher's."""

from __future__ import annotations

import torch

from .recording import Batch


def divergence(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    """The mean KL divergence of the draft from the teacher, in nats, up to the teacher's entropy.

    The teacher's law is what was recorded of it on the tokens that the draft knows, made to sum to
    1; positions where that is less than 1 % count as little as that.

    logits: [texts, length, tokens].
    """
    logs = torch.log_softmax(logits.float(), dim=-1)
    known = batch.probabilities.sum(-1)
    cross = -(batch.probabilities * logs.gather(-1, batch.ids)).sum(-1)
    weights = batch.mask * known.clamp(max=1)
    return (cross / known.clamp(min=1e-2) * weights).sum() / weights.sum().clamp(min=1)


def agreement(logits: torch.Tensor, batch: Batch) -> tuple[float, float]:
    """The sum over positions of sum min(p, q), which is how often an exact verifier accepts, and
    the number of positions. What was not recorded of the teacher's law counts as disagreement, so
    it is a lower bound.

    logits: [texts, length, tokens].
    """
    laws = torch.softmax(logits.float(), dim=-1).gather(-1, batch.ids)
    common = torch.minimum(laws, batch.probabilities).sum(-1)
    return float((common * batch.mask).sum()), float(batch.mask.sum())
