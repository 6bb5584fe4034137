"""Writes a draft as a GGUF file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from gguf import GGMLQuantizationType, GGUFWriter
from gguf.quants import quantize

from .quantize import q4_0
from .teacher import Teacher, tensor_names
from .transformer import Transformer
from .vocabulary import TrimmedVocabulary

TYPES = {name: GGMLQuantizationType[name] for name in ("F32", "F16", "Q8_0", "Q5_0", "Q4_0")}
# What llama.cpp writes into general.file_type for a file of mostly this.
FILE_TYPES = {"F32": 0, "F16": 1, "Q4_0": 2, "Q8_0": 7, "Q5_0": 8}


def export(
    model: Transformer,
    teacher: Teacher,
    trimmed: TrimmedVocabulary,
    path: Path,
    title: str,
    matrix_type: str = "Q4_0",
    embedding_type: str = "Q8_0",
    facts: dict[str, str | int | float | list[int]] | None = None,
    base: Teacher | None = None,
) -> None:
    """Writes the draft, its vocabulary, and `facts` of its training as metadata.

    base: The model that the layers are from, where that is not the teacher.
    """
    shape = model.shape
    new = path.with_suffix(".new")
    writer = GGUFWriter(new, shape.architecture)
    writer.add_name(title)
    writer.add_type("model")
    writer.add_file_type(FILE_TYPES[matrix_type])
    if licence := _licence(teacher, base):
        writer.add_license(licence)
    origins = [base, teacher] if base and base.path != teacher.path else [teacher]
    writer.add_uint32("general.base_model.count", len(origins))
    for index, origin in enumerate(origins):
        name = origin.field("general.name", origin.path.name)
        writer.add_string(f"general.base_model.{index}.name", name)
    # The teacher's, whatever the layers were made for: beyond that drafts only get worse, and a
    # pyramid has the context of its shortest level.
    writer.add_context_length(teacher.field(f"{teacher.architecture}.context_length"))
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.key_value_heads)
    writer.add_key_length(shape.head_size)
    writer.add_value_length(shape.head_size)
    writer.add_layer_norm_rms_eps(shape.norm_epsilon)
    writer.add_rope_freq_base(shape.rope_base)
    if shape.architecture == "llama":
        writer.add_rope_dimension_count(shape.head_size)
        writer.add_vocab_size(shape.tokens)
    _add_vocabulary(writer, teacher, trimmed)
    for key, value in (facts or {}).items():
        _add_fact(writer, f"pyramid.training.{key}", value)
    # Which of the teacher's tokens these are, by id, for those who do not compare texts.
    writer.add_array("pyramid.vocabulary.teacher_ids", [int(token) for token in trimmed.teacher_ids])
    state = model.state_dict()
    for tensor, own in tensor_names(shape.layers).items():
        if own not in state:
            continue
        data = state[own].detach().float().cpu().numpy()
        kind = embedding_type if tensor in ("token_embd.weight", "output.weight") else matrix_type
        _add_tensor(writer, tensor, data, TYPES[kind])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    new.replace(path)


def _licence(teacher: Teacher, base: Teacher | None) -> str | None:
    """The teacher's; where the layers are under another one, both, for a person to read."""
    licences = [origin.field("general.license") for origin in (base, teacher) if origin]
    return " and ".join(dict.fromkeys(licence for licence in licences if licence)) or None


def _add_tensor(
    writer: GGUFWriter, name: str, data: np.ndarray, kind: GGMLQuantizationType
) -> None:
    # Norms and biases are few and stay whole.
    if data.ndim == 1 or kind == GGMLQuantizationType.F32:
        writer.add_tensor(name, np.ascontiguousarray(data, dtype=np.float32))
        return
    weights = np.ascontiguousarray(data, dtype=np.float32)
    packed = q4_0(weights) if kind.name == "Q4_0" else quantize(weights, kind)
    writer.add_tensor(name, packed, raw_dtype=kind)


def _add_vocabulary(writer: GGUFWriter, teacher: Teacher, trimmed: TrimmedVocabulary) -> None:
    vocabulary = trimmed.vocabulary
    writer.add_tokenizer_model(teacher.field("tokenizer.ggml.model"))
    if pre := teacher.field("tokenizer.ggml.pre"):
        writer.add_tokenizer_pre(pre)
    writer.add_token_list(vocabulary.texts)
    writer.add_token_types(vocabulary.kinds)
    if vocabulary.merges:
        writer.add_token_merges(vocabulary.merges)
    scores = teacher.field("tokenizer.ggml.scores")
    if scores:
        writer.add_token_scores([float(scores[token]) for token in trimmed.teacher_ids])
    for role, token in vocabulary.roles.items():
        writer.add_uint32(f"tokenizer.ggml.{role}_token_id", token)
    for flag in ("add_bos_token", "add_eos_token", "add_space_prefix"):
        value = teacher.field(f"tokenizer.ggml.{flag}")
        if value is not None:
            writer.add_bool(f"tokenizer.ggml.{flag}", bool(value))
    if template := teacher.field("tokenizer.chat_template"):
        writer.add_chat_template(template)


def _add_fact(writer: GGUFWriter, key: str, value) -> None:
    match value:
        case str():
            writer.add_string(key, value)
        case int():
            writer.add_uint64(key, value)
        case float():
            writer.add_float64(key, value)
        case list():
            writer.add_array(key, value)
        case _:
            raise TypeError(f"{key}: {type(value)} cannot be written")
