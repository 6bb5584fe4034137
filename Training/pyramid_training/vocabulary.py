"""Which of a teacher's tokens a draft knows, and what it hears in place of the others."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

# Token types of GGUF (tokenizer.ggml.token_type).
NORMAL, UNKNOWN, CONTROL, USER_DEFINED, UNUSED, BYTE = 1, 2, 3, 4, 5, 6


@dataclass
class Vocabulary:
    """The tokens of a model, as its GGUF file states them."""

    texts: list[str]
    kinds: list[int]
    merges: list[str]
    # Ids of tokens with a role, by GGUF's names: bos, eos, ...
    roles: dict[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.texts)

    def first_ids(self) -> dict[str, int]:
        """The token of each text; of tokens with one text the first, as in Swift."""
        ids: dict[str, int] = {}
        for token, text in enumerate(self.texts):
            ids.setdefault(text, token)
        return ids

    def pieces(self, texts: list[str]) -> list[list[int]]:
        """The tokens that make up each text, itself where it is one, else from the left the
        longest there are; what none begins with is left out."""
        ids = self.first_ids()
        fallback = fallback_token(self.roles)
        found = []
        for text in texts:
            own, start = [], 0
            while start < len(text):
                ends = (end for end in range(len(text), start, -1) if text[start:end] in ids)
                end = next(ends, start)
                if end > start:
                    own.append(ids[text[start:end]])
                start = max(end, start + 1)
            found.append(own or [fallback])
        return found


def fallback_token(roles: dict[str, int]) -> int:
    """What stands for a text of which nothing is known: the unknown token, else the end of text."""
    return roles.get("unknown", roles.get("eos", 0))


@dataclass
class TrimmedVocabulary:
    """Part of a teacher's vocabulary, its tokens in the teacher's order.

    The rule of stand-ins is that of `VocabularyOverlap` in Sources/GGUF: an unknown token is heard
    as the known one whose text is the longest end of its own, else as the unknown token or the end
    of text.
    """

    # The teacher's id of each of the draft's tokens, ascending.
    teacher_ids: np.ndarray
    # The draft's id that each of the teacher's tokens is fed as.
    stand_ins: np.ndarray
    # The draft's id of each of the teacher's tokens, -1 where it has none.
    own_ids: np.ndarray
    vocabulary: Vocabulary

    @staticmethod
    def of_most_frequent(
        teacher: Vocabulary, counts: np.ndarray, size: int, kept: list[str] | None = None
    ) -> "TrimmedVocabulary":
        """The `size` tokens that occur most often, among them in any case those without which a
        text cannot be written: single characters of the tokenizer's alphabet, tokens with a role
        and the `kept` texts."""
        needed = set(teacher.roles.values())
        for token, (text, kind) in enumerate(zip(teacher.texts, teacher.kinds)):
            if len(text) == 1 or kind == BYTE or text in (kept or []):
                needed.add(token)
        if len(needed) > size:
            raise ValueError(f"{size} tokens are too few: {len(needed)} are needed in any case")
        order = np.argsort(-counts, kind="stable")
        chosen = set(needed)
        for token in order:
            if len(chosen) >= size:
                break
            if teacher.kinds[token] != UNUSED and teacher.texts[token]:
                chosen.add(int(token))
        return TrimmedVocabulary.of(teacher, sorted(chosen))

    @staticmethod
    def whole(teacher: Vocabulary) -> "TrimmedVocabulary":
        """All of the teacher's tokens by their own ids, also those that share a text."""
        ids = np.arange(len(teacher))
        return TrimmedVocabulary(ids, ids, ids, teacher)

    @staticmethod
    def of(teacher: Vocabulary, chosen: list[int]) -> "TrimmedVocabulary":
        """The part that consists of these of the teacher's ids."""
        # Of tokens with one text the first stands for all.
        first = teacher.first_ids()
        chosen = {first[teacher.texts[token]] for token in chosen if teacher.texts[token]}
        teacher_ids = np.array(sorted(chosen), dtype=np.int64)
        own_ids = np.full(len(teacher), -1, dtype=np.int64)
        own_ids[teacher_ids] = np.arange(len(teacher_ids))
        known = {teacher.texts[token]: own for own, token in enumerate(teacher_ids)}
        roles = {
            role: int(own_ids[token]) for role, token in teacher.roles.items() if own_ids[token] >= 0
        }
        fallback = fallback_token(roles)
        stand_ins = own_ids.copy()
        for token in np.flatnonzero(own_ids < 0):
            text = teacher.texts[token]
            ends = (known[text[start:]] for start in range(len(text)) if text[start:] in known)
            stand_ins[token] = next(ends, fallback)
        texts = [teacher.texts[token] for token in teacher_ids]
        vocabulary = Vocabulary(
            texts,
            [teacher.kinds[token] for token in teacher_ids],
            _merges_within(teacher.merges, set(texts)),
            roles,
        )
        return TrimmedVocabulary(teacher_ids, stand_ins, own_ids, vocabulary)

    def __len__(self) -> int:
        return len(self.teacher_ids)


def _merges_within(merges: list[str], texts: set[str]) -> list[str]:
    """The merges whose parts and result are all tokens, so that the draft's tokenizer is sound."""
    kept = []
    for merge in merges:
        left, _, right = merge.partition(" ")
        if left in texts and right in texts and left + right in texts:
            kept.append(merge)
    return kept
