"""A tiny teacher in a GGUF file, and recordings of its laws."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from gguf import GGUFWriter

from pyramid_training.record import record
from pyramid_training.recording import Recording
from pyramid_training.teacher import Teacher, tensor_names
from pyramid_training.transformer import Shape, Transformer
from pyramid_training.vocabulary import TrimmedVocabulary

TOKENS = ["<|end|>", "a", "b", "c", "d", "ab", "cd", "abc", "bcd", "abcd", "da", "dab"]


def shape(architecture: str = "qwen2", layers: int = 3) -> Shape:
    return Shape(
        architecture=architecture, width=32, layers=layers, heads=4, key_value_heads=2,
        head_size=16, feed_forward=64, rope_base=10000.0, norm_epsilon=1e-5, tokens=len(TOKENS),
    )


def write_teacher(
    path: Path,
    architecture: str = "qwen2",
    layers: int = 3,
    silent: set[int] | None = None,
    change: Callable[[GGUFWriter], object] = lambda _: None,
) -> Teacher:
    """A random teacher, whose `silent` layers add nothing; heads are wider than the width has room
    for, as some families have it."""
    torch.manual_seed(7)
    size = shape(architecture, layers)
    model = Transformer(size)
    with torch.no_grad():
        # Layers that do much, so that a law depends on more than the last token.
        for name, weight in model.named_parameters():
            if weight.dim() > 1:
                weight.normal_(0, 0.35 if name == "embedding.weight" else 0.3)
        for layer in silent or ():
            model.layers[layer].attention.output.weight.zero_()
            model.layers[layer].feed_forward.down.weight.zero_()
    writer = GGUFWriter(path, architecture)
    writer.add_name("Toy")
    writer.add_license("mit")
    writer.add_context_length(128)
    writer.add_embedding_length(size.width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(size.feed_forward)
    writer.add_head_count(size.heads)
    writer.add_head_count_kv(size.key_value_heads)
    writer.add_key_length(size.head_size)
    writer.add_value_length(size.head_size)
    writer.add_layer_norm_rms_eps(size.norm_epsilon)
    writer.add_rope_freq_base(size.rope_base)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(TOKENS)
    writer.add_token_types([3] + [1] * (len(TOKENS) - 1))
    writer.add_token_merges(["a b", "c d", "ab c", "b cd", "ab cd", "d a", "da b"])
    writer.add_eos_token_id(0)
    state = model.state_dict()
    for tensor, own in tensor_names(layers).items():
        if own in state:
            writer.add_tensor(tensor, state[own].numpy())
    change(writer)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return Teacher(path)


def whole(teacher: Teacher) -> TrimmedVocabulary:
    """All of a teacher's tokens."""
    return TrimmedVocabulary.whole(teacher.vocabulary)


def texts(count: int, length: int) -> list[tuple[list[int], int]]:
    """Random texts, the first five tokens of each a prompt."""
    random = np.random.default_rng(3)
    return [(random.integers(0, len(TOKENS), length).tolist(), 5) for _ in range(count)]


def recording(teacher: Teacher, folder: Path, count: int = 24, length: int = 20) -> Recording:
    """The teacher's laws on random texts."""
    record(teacher, texts(count, length), folder, kept=len(TOKENS))
    return Recording(folder)
