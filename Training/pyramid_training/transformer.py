"""Llama and Qwen2 as GGUF files have them, for training."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import torch
from torch import nn
from torch.nn import functional


@dataclass(frozen=True)
class Shape:
    """What a transformer's tensors are like."""

    architecture: str  # llama or qwen2
    width: int
    layers: int
    heads: int
    key_value_heads: int
    head_size: int
    feed_forward: int
    rope_base: float
    norm_epsilon: float
    tokens: int
    # Whether the output head is the embedding itself.
    is_tied: bool = True

    def with_layers(self, layers: int) -> "Shape":
        return Shape(**{**asdict(self), "layers": layers})

    def with_tokens(self, tokens: int) -> "Shape":
        return Shape(**{**asdict(self), "tokens": tokens})

    @property
    def has_bias(self) -> bool:
        return self.architecture == "qwen2"


class Norm(nn.Module):
    def __init__(self, width: int, epsilon: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.epsilon = epsilon

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = x.float()
        y = y * torch.rsqrt(y.pow(2).mean(-1, keepdim=True) + self.epsilon)
        return y.to(x.dtype) * self.weight


class Attention(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        queries = shape.heads * shape.head_size
        keys = shape.key_value_heads * shape.head_size
        self.q = nn.Linear(shape.width, queries, bias=shape.has_bias)
        self.k = nn.Linear(shape.width, keys, bias=shape.has_bias)
        self.v = nn.Linear(shape.width, keys, bias=shape.has_bias)
        self.output = nn.Linear(queries, shape.width, bias=False)

    def forward(self, x: torch.Tensor, rotation: torch.Tensor) -> torch.Tensor:
        texts, length, _ = x.shape
        shape = self.shape

        def heads(y: torch.Tensor, count: int) -> torch.Tensor:
            return y.view(texts, length, count, shape.head_size).transpose(1, 2)

        q = self.rotate(heads(self.q(x), shape.heads), rotation)
        k = self.rotate(heads(self.k(x), shape.key_value_heads), rotation)
        v = heads(self.v(x), shape.key_value_heads)
        shared = shape.heads // shape.key_value_heads
        mixed = functional.scaled_dot_product_attention(
            q, k.repeat_interleave(shared, 1), v.repeat_interleave(shared, 1), is_causal=True
        )
        return self.output(mixed.transpose(1, 2).reshape(texts, length, -1))

    def rotate(self, x: torch.Tensor, rotation: torch.Tensor) -> torch.Tensor:
        """Llama's files have the pairs side by side, Qwen2's half a head apart."""
        cosine, sine = rotation.to(x.dtype)
        if self.shape.architecture == "llama":
            first, second = x[..., 0::2], x[..., 1::2]
            turned = torch.stack(
                (first * cosine - second * sine, second * cosine + first * sine), -1
            )
            return turned.flatten(-2)
        first, second = x.chunk(2, -1)
        return torch.cat((first * cosine - second * sine, second * cosine + first * sine), -1)


class FeedForward(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.gate = nn.Linear(shape.width, shape.feed_forward, bias=False)
        self.up = nn.Linear(shape.width, shape.feed_forward, bias=False)
        self.down = nn.Linear(shape.feed_forward, shape.width, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.down(functional.silu(self.gate(x)) * self.up(x))


class Layer(nn.Module):
    def __init__(self, shape: Shape):
        super().__init__()
        self.attention_norm = Norm(shape.width, shape.norm_epsilon)
        self.attention = Attention(shape)
        self.feed_forward_norm = Norm(shape.width, shape.norm_epsilon)
        self.feed_forward = FeedForward(shape)

    def forward(self, x: torch.Tensor, rotation: torch.Tensor) -> torch.Tensor:
        x = x + self.attention(self.attention_norm(x), rotation)
        return x + self.feed_forward(self.feed_forward_norm(x))


class Transformer(nn.Module):
    """A decoder."""

    def __init__(self, shape: Shape):
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.tokens, shape.width)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.norm = Norm(shape.width, shape.norm_epsilon)
        self.head = None if shape.is_tied else nn.Linear(shape.width, shape.tokens, bias=False)

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        """[texts, length] to logits, [texts, length, tokens]."""
        x = self.embedding(tokens)
        rotation = self.rotation(tokens.shape[1], tokens.device)
        for layer in self.layers:
            x = layer(x, rotation)
        head = self.embedding.weight if self.head is None else self.head.weight
        return functional.linear(self.norm(x), head)

    def rotation(self, length: int, device: torch.device) -> torch.Tensor:
        """Cosines and sines, [2, length, head_size / 2]."""
        half = self.shape.head_size // 2
        exponents = torch.arange(half, device=device, dtype=torch.float64) / half
        frequencies = torch.exp(-exponents * math.log(self.shape.rope_base))
        angles = torch.outer(torch.arange(length, device=device).double(), frequencies)
        return torch.stack((angles.cos(), angles.sin())).float()
