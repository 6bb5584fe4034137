"""Reads a teacher from a GGUF file."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import torch
from gguf import GGUFReader
from gguf.quants import dequantize

from .transformer import Shape, Transformer
from .vocabulary import TrimmedVocabulary, Vocabulary

# GGUF's names of a layer's tensors, and ours.
LAYER_TENSORS = {
    "attn_norm.weight": "attention_norm.weight",
    "attn_q.weight": "attention.q.weight",
    "attn_q.bias": "attention.q.bias",
    "attn_k.weight": "attention.k.weight",
    "attn_k.bias": "attention.k.bias",
    "attn_v.weight": "attention.v.weight",
    "attn_v.bias": "attention.v.bias",
    "attn_output.weight": "attention.output.weight",
    "ffn_norm.weight": "feed_forward_norm.weight",
    "ffn_gate.weight": "feed_forward.gate.weight",
    "ffn_up.weight": "feed_forward.up.weight",
    "ffn_down.weight": "feed_forward.down.weight",
}
ARCHITECTURES = ("llama", "qwen2")


def tensor_names(layers: int) -> dict[str, str]:
    """GGUF's names of a model's tensors, and ours."""
    names = {
        "token_embd.weight": "embedding.weight",
        "output_norm.weight": "norm.weight",
        "output.weight": "head.weight",
    }
    for layer in range(layers):
        for tensor, own in LAYER_TENSORS.items():
            names[f"blk.{layer}.{tensor}"] = f"layers.{layer}.{own}"
    return names


class Teacher:
    """A GGUF file's shape, vocabulary and weights, which are read when they are asked for."""

    def __init__(self, path: Path):
        self.path = path
        self.reader = GGUFReader(path)
        self.tensors = {tensor.name: tensor for tensor in self.reader.tensors}
        self.architecture = self.field("general.architecture")
        if self.architecture not in ARCHITECTURES:
            raise ValueError(
                f"{path}: drafts are made of {' and '.join(ARCHITECTURES)} models, and this one is "
                f"{self.architecture}"
            )
        self._check()
        self.shape = self._shape()
        self.vocabulary = self._vocabulary()

    def field(self, name: str, default=None):
        """A value of the file's metadata."""
        found = self.reader.get_field(name)
        return default if found is None else found.contents()

    def tensor(self, name: str) -> torch.Tensor:
        """A tensor's weights in 32 bits."""
        tensor = self.tensors[name]
        weights = dequantize(tensor.data, tensor.tensor_type)
        # A copy: the file is mapped and cannot be written to.
        return torch.from_numpy(np.array(weights, dtype=np.float32))

    def model(self, layers: list[int], trimmed: TrimmedVocabulary) -> Transformer:
        """Only some of the layers, for the tokens of a vocabulary, which may be another model's:
        a token that this model does not have gets the mean of what its pieces have."""
        shape = self.shape.with_layers(len(layers)).with_tokens(len(trimmed))
        model = Transformer(shape)
        ids, texts = trimmed.teacher_ids, trimmed.vocabulary.texts
        known = self.vocabulary.texts
        is_own = ids.max() < len(known) and [known[token] for token in ids] == texts
        pieces = None if is_own else self.vocabulary.pieces(texts)

        def rows(name: str) -> torch.Tensor:
            table = self.tensor(name)
            if pieces is None:
                return table[torch.from_numpy(ids)]
            return torch.stack([table[own].mean(0) for own in pieces])

        state = {
            "embedding.weight": rows("token_embd.weight"),
            "norm.weight": self.tensor("output_norm.weight"),
        }
        if not shape.is_tied:
            state["head.weight"] = rows("output.weight")
        for place, layer in enumerate(layers):
            for name, own in LAYER_TENSORS.items():
                if f"blk.{layer}.{name}" in self.tensors:
                    state[f"layers.{place}.{own}"] = self.tensor(f"blk.{layer}.{name}")
        model.load_state_dict(state)
        return model

    def _check(self) -> None:
        """Refuses what `Transformer` would compute otherwise than the file asks."""
        whole = {"token_embd.weight", "output_norm.weight", "output.weight"}
        for name in self.tensors:
            layer = re.fullmatch(r"blk\.\d+\.(.+)", name)
            if name not in whole and (layer is None or layer[1] not in LAYER_TENSORS):
                raise ValueError(f"{self.path}: the tensor {name} is not known; no draft of this")
            is_bias = layer is not None and layer[1].endswith(".bias")
            if is_bias and self.architecture != "qwen2":
                raise ValueError(f"{self.path}: {self.architecture} with {name} is not known")
        scaling = self.field(f"{self.architecture}.rope.scaling.type", "none")
        if scaling != "none":
            raise ValueError(f"{self.path}: the RoPE scaling {scaling} is not known")

    def _shape(self) -> Shape:
        def number(key: str, default=None):
            value = self.field(f"{self.architecture}.{key}", default)
            if value is None:
                raise ValueError(f"{self.path}: {self.architecture}.{key} is missing")
            return value

        heads = number("attention.head_count")
        width = number("embedding_length")
        head_size = number("attention.key_length", width // heads)
        for key in ("attention.value_length", "rope.dimension_count"):
            if number(key, head_size) != head_size:
                raise ValueError(
                    f"{self.path}: {self.architecture}.{key} is {number(key, head_size)} where a "
                    f"head has {head_size}; no draft of this"
                )
        return Shape(
            architecture=self.architecture,
            width=width,
            layers=number("block_count"),
            heads=heads,
            key_value_heads=number("attention.head_count_kv", heads),
            head_size=head_size,
            feed_forward=number("feed_forward_length"),
            rope_base=float(number("rope.freq_base", 10000.0)),
            norm_epsilon=float(number("attention.layer_norm_rms_epsilon")),
            tokens=int(self.tensors["token_embd.weight"].shape[1]),
            is_tied="output.weight" not in self.tensors or self._head_is_embedding(),
        )

    def _head_is_embedding(self) -> bool:
        """Some files hold one matrix twice, in two precisions."""
        rows = slice(0, 64)
        pair = []
        for name in ("token_embd.weight", "output.weight"):
            tensor = self.tensors[name]
            pair.append(dequantize(tensor.data[rows], tensor.tensor_type).ravel())
        return bool(np.corrcoef(*pair)[0, 1] > 0.95)

    def _vocabulary(self) -> Vocabulary:
        texts = self.field("tokenizer.ggml.tokens")
        if texts is None:
            raise ValueError(f"{self.path}: the file has no vocabulary")
        roles = {}
        for name in self.reader.fields:
            if name.startswith("tokenizer.ggml.") and name.endswith("_token_id"):
                role = name.removeprefix("tokenizer.ggml.").removesuffix("_token_id")
                token = int(self.field(name))
                if token < len(texts):
                    roles[role] = token
        return Vocabulary(
            texts,
            list(self.field("tokenizer.ggml.token_type", [1] * len(texts))),
            self.field("tokenizer.ggml.merges", []),
            roles,
        )
