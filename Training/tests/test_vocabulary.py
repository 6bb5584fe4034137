import unittest

import numpy as np

from pyramid_training.vocabulary import TrimmedVocabulary, Vocabulary

TEXTS = ["<unk>", "<s>", "</s>", "a", "b", "ab", "cab", "日本", "本", "x"]


def vocabulary(**roles: int) -> Vocabulary:
    return Vocabulary(TEXTS, [1] * len(TEXTS), ["a b", "c ab"], roles)


class VocabularyTest(unittest.TestCase):
    def test_stand_ins_are_the_longest_known_ends(self):
        trimmed = TrimmedVocabulary.of(vocabulary(eos=2), [2, 4, 5, 8])
        self.assertEqual(trimmed.teacher_ids.tolist(), [2, 4, 5, 8])
        # The known ones stand for themselves, cab ends with ab, 日本 with 本, the rest has no end.
        self.assertEqual(trimmed.stand_ins.tolist(), [0, 0, 0, 0, 1, 2, 2, 3, 3, 0])
        self.assertEqual(trimmed.own_ids.tolist(), [-1, -1, 0, -1, 1, 2, -1, -1, 3, -1])
        self.assertEqual(trimmed.vocabulary.roles, {"eos": 0})

    def test_without_an_end_the_unknown_token_stands_in(self):
        trimmed = TrimmedVocabulary.of(vocabulary(eos=2, unknown=0), [0, 2, 3])
        self.assertEqual(trimmed.stand_ins[8], 0)
        self.assertEqual(trimmed.vocabulary.roles["unknown"], 0)

    def test_the_most_frequent_are_kept_beside_what_is_needed(self):
        counts = np.arange(len(TEXTS), dtype=float)
        trimmed = TrimmedVocabulary.of_most_frequent(vocabulary(eos=2), counts, 6, kept=["<s>"])
        # Single characters (a, b, 本, x), the end of text and <s> leave no room.
        self.assertEqual(trimmed.teacher_ids.tolist(), [1, 2, 3, 4, 8, 9])
        larger = TrimmedVocabulary.of_most_frequent(vocabulary(eos=2), counts, 8, kept=["<s>"])
        self.assertEqual(larger.teacher_ids.tolist(), [1, 2, 3, 4, 6, 7, 8, 9])
        with self.assertRaisesRegex(ValueError, "5 tokens are too few: 6 are needed"):
            TrimmedVocabulary.of_most_frequent(vocabulary(eos=2), counts, 5, kept=["<s>"])

    def test_of_tokens_with_one_text_the_first_stands_for_all(self):
        twins = Vocabulary(["", "a", "b", "a"], [1] * 4, [], {"eos": 2})
        trimmed = TrimmedVocabulary.of(twins, [0, 2, 3])
        self.assertEqual(trimmed.teacher_ids.tolist(), [1, 2])
        self.assertEqual(trimmed.stand_ins.tolist(), [1, 0, 1, 0])
        self.assertEqual(trimmed.own_ids.tolist(), [-1, 0, 1, -1])
        # The whole vocabulary keeps its ids all the same.
        self.assertEqual(TrimmedVocabulary.whole(twins).teacher_ids.tolist(), [0, 1, 2, 3])

    def test_merges_of_what_is_not_kept_go(self):
        self.assertEqual(
            TrimmedVocabulary.of(vocabulary(), [3, 4, 5, 6]).vocabulary.merges, ["a b"]
        )


if __name__ == "__main__":
    unittest.main()
