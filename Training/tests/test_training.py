import dataclasses
import math
import tempfile
import unittest
from pathlib import Path

import gguf
import numpy as np
import torch
from gguf import RopeScalingType

from pyramid_training.export import export
from pyramid_training.law import agreement, divergence
from pyramid_training.prune import choose_layers
from pyramid_training.quantize import q4_0
from pyramid_training.record import record
from pyramid_training.recording import Batch, Recording, Texts
from pyramid_training.teacher import Teacher
from pyramid_training.train import Plan, Trainer, measured_agreement
from pyramid_training.vocabulary import TrimmedVocabulary, Vocabulary

from . import toy

PLAN = Plan(tokens=4000, batch_tokens=200, learning_rate=5e-3, check_tokens=1000, patience=99)


class TrainingTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def teacher(self, **options) -> Teacher:
        return toy.write_teacher(self.folder / "teacher.gguf", **options)

    def part(self, teacher: Teacher) -> TrimmedVocabulary:
        return TrimmedVocabulary.of(teacher.vocabulary, [0, 1, 2, 3, 4, 5, 8])


class RecordTest(TrainingTest):
    def test_each_row_has_the_law_of_its_token(self):
        teacher = self.teacher()
        texts = [*toy.texts(3, 9), ([1, 2], 0), ([4], 0), (toy.texts(1, 25)[0][0], 14)]
        record(teacher, texts, self.folder / "laws", kept=4, length=12, rows=30)
        recording = Recording(self.folder / "laws")
        pieces = [text for text, _ in texts[:4]] + [texts[5][0][:12], texts[5][0][12:24]]
        self.assertEqual(recording.tokens.tolist(), [token for piece in pieces for token in piece])
        self.assertEqual((recording.answers - recording.starts[:-1]).tolist(), [5, 5, 5, 0, 12, 2])
        model = teacher.model([0, 1, 2], toy.whole(teacher)).eval()
        for index, piece in enumerate(pieces):
            rows = recording.rows(index)
            law = torch.log_softmax(model(torch.tensor([piece]))[0, :-1], -1)
            best = law.topk(4, -1)
            np.testing.assert_array_equal(recording.ids[rows][1:], best.indices)
            np.testing.assert_allclose(recording.logs[rows][1:], best.values.detach(), atol=1e-4)


class LawTest(TrainingTest):
    def test_divergence_and_agreement_of_a_law_by_hand(self):
        batch = Batch(
            torch.zeros(1, 2, dtype=torch.long), torch.tensor([[[0, 1], [2, 0]]]),
            torch.tensor([[[0.5, 0.25], [0.5, 0.0]]]), torch.tensor([[1.0, 1.0]]),
        )
        law = torch.tensor([[[0.25, 0.25, 0.5], [0.4, 0.1, 0.5]]])
        first = (0.5 * math.log(4) + 0.25 * math.log(4)) / 0.75
        second = math.log(2)
        expected = (first * 0.75 + second * 0.5) / 1.25
        self.assertAlmostEqual(float(divergence(law.log(), batch)), expected, places=5)
        common, positions = agreement(law.log(), batch)
        self.assertAlmostEqual(common, 0.25 + 0.25 + 0.5, places=5)
        self.assertEqual(positions, 2)

    def test_a_teacher_agrees_with_its_own_laws(self):
        for architecture in ("qwen2", "llama"):
            teacher = toy.write_teacher(self.folder / f"{architecture}.gguf", architecture)
            recording = toy.recording(teacher, self.folder / architecture)
            texts = Texts([recording], toy.whole(teacher), 20)
            model = teacher.model([0, 1, 2], toy.whole(teacher))
            self.assertGreater(measured_agreement(model, texts), 0.9999)
            less = teacher.model([0, 2], toy.whole(teacher))
            self.assertLess(measured_agreement(less, texts), 0.99)

    def test_a_text_longer_than_the_length_is_cut_without_losing_a_law(self):
        teacher = self.teacher()
        recording = toy.recording(teacher, self.folder / "recording", count=2, length=20)
        texts = Texts([recording], toy.whole(teacher), 8)
        self.assertEqual(texts.token_count, 2 * 19)
        self.assertEqual(texts.batch([0, 2]).mask.sum(1).tolist(), [8, 3])

    def test_laws_within_prompts_can_be_left_out(self):
        teacher = self.teacher()
        recording = toy.recording(teacher, self.folder / "recording", count=2, length=20)
        texts = Texts([recording], toy.whole(teacher), 30, only_answers=True)
        # Row 5 is the first of the answer, and its law that of the input before.
        self.assertEqual(texts.batch([0]).mask[0].tolist(), [0.0] * 4 + [1.0] * 15)
        cut = Texts([recording], toy.whole(teacher), 4, only_answers=True)
        self.assertEqual(sum(float(cut.batch([i]).mask.sum()) for i in range(len(cut))), 30)

    def test_what_the_draft_does_not_know_is_heard_as_its_stand_in_and_not_learnt(self):
        teacher = self.teacher()
        recording = toy.recording(teacher, self.folder / "recording", count=1)
        batch = Texts([recording], self.part(teacher), 30).batch([0])
        part = self.part(teacher)
        self.assertEqual(batch.inputs[0].tolist(), part.stand_ins[recording.tokens[:-1]].tolist())
        known = np.exp(recording.logs[1:]) * (part.own_ids[recording.ids[1:]] >= 0)
        np.testing.assert_allclose(batch.probabilities[0].sum(-1), known.sum(-1), rtol=1e-5)

    def test_an_interrupted_recording_is_refused(self):
        recording = toy.recording(self.teacher(), self.folder / "recording")
        np.save(self.folder / "recording" / "ids.npy", np.array(recording.ids[:-1]))
        with self.assertRaisesRegex(ValueError, "interrupted; record it again"):
            Recording(self.folder / "recording")
        with self.assertRaisesRegex(FileNotFoundError, "pyramid record"):
            Recording(self.folder)


class TeacherTest(TrainingTest):
    def test_what_would_be_computed_otherwise_is_refused(self):
        changes = {
            "the tensor rope_freqs.weight is not known": lambda writer: writer.add_tensor(
                "rope_freqs.weight", np.ones(4, dtype=np.float32)
            ),
            "the RoPE scaling yarn is not known": lambda writer: writer.add_rope_scaling_type(
                RopeScalingType.YARN
            ),
            "rope.dimension_count is 4 where a head has 16": lambda writer: (
                writer.add_rope_dimension_count(4)
            ),
        }
        for words, change in changes.items():
            with self.assertRaisesRegex(ValueError, words):
                toy.write_teacher(self.folder / "odd.gguf", change=change)


    def test_a_model_of_another_vocabulary_takes_the_means_of_pieces(self):
        base = self.teacher()
        other = Vocabulary(["dab", "<|end|>", "abcab", "z", "ab"], [1] * 5, [], {"eos": 1})
        table = base.tensor("token_embd.weight")
        # In the order of the texts above: itself, itself, abc and ab, nothing (the end), itself.
        rows = [table[11], table[0], (table[7] + table[5]) / 2, table[0], table[5]]
        model = base.model([0, 2], TrimmedVocabulary.whole(other))
        torch.testing.assert_close(model.embedding.weight.detach(), torch.stack(rows))
        self.assertEqual(model.shape.tokens, 5)


class PruneTest(TrainingTest):
    def test_the_layers_that_do_something_are_left(self):
        teacher = self.teacher(layers=4, silent={0, 1, 3})
        recording = toy.recording(teacher, self.folder / "recording")
        texts = Texts([recording], toy.whole(teacher), 20)
        words: list[str] = []
        layers = choose_layers(teacher, toy.whole(teacher), 1, [texts.batch([0, 1])], words.append)
        self.assertEqual(layers, [2])
        self.assertEqual(len(words), 3)
        teacher = self.teacher(layers=5, silent={1, 2})
        recording = toy.recording(teacher, self.folder / "other")
        texts = Texts([recording], toy.whole(teacher), 20)
        layers = choose_layers(teacher, toy.whole(teacher), 3, [texts.batch([0, 1])], words.append)
        self.assertEqual(layers, [0, 3, 4])
        with self.assertRaisesRegex(ValueError, "5 layers are not 1 to 4"):
            choose_layers(self.teacher(layers=4), toy.whole(teacher), 5, [], words.append)


class TrainerTest(TrainingTest):
    def trainer(self, name: str, plan: Plan = PLAN, texts: Texts | None = None) -> Trainer:
        teacher = self.teacher()
        if texts is None:
            data = self.folder / "recording"
            recording = Recording(data) if data.exists() else toy.recording(teacher, data)
            texts = Texts([recording], self.part(teacher), 20)
        model = teacher.model([0, 2], self.part(teacher))
        return Trainer(
            model, texts, {"toy": texts}, plan, self.folder / name, report=lambda _: None
        )

    def test_training_brings_the_draft_nearer_to_the_teacher(self):
        trainer = self.trainer("run")
        before = trainer.measure()["toy"]
        trainer.run()
        after = trainer.measure()["toy"]
        self.assertGreaterEqual(trainer.state.tokens, PLAN.tokens)
        self.assertGreater(after, before + 0.1, f"{before} to {after}")
        self.assertTrue((self.folder / "run" / "best.pt").exists())

    def test_fewer_tokens_than_a_batch_are_enough(self):
        plan = dataclasses.replace(PLAN, batch_tokens=5000, tokens=10_000)
        trainer = self.trainer("small", plan)
        trainer.run()
        self.assertEqual(trainer.state.step, 2)

    def test_batches_are_of_similar_lengths_and_leave_no_text_out(self):
        teacher = self.teacher()
        recording = toy.recording(teacher, self.folder / "data", count=200)
        texts = Texts([recording], self.part(teacher), 20)
        random = np.random.default_rng(5)
        for piece in texts.pieces:
            piece.stop = piece.start + 2 + int(random.integers(16))
        plan = dataclasses.replace(PLAN, batch_tokens=60)
        trainer = self.trainer("batches", plan, texts)
        batches = trainer._batches()
        seen, fed, padded = [], 0, 0
        while len(seen) < 3 * len(texts):
            batch = next(batches)
            counts = [texts.pieces[index].count for index in batch]
            self.assertGreaterEqual(sum(counts), 60)
            seen += batch
            fed += sum(counts)
            padded += max(counts) * len(counts)
        self.assertLess(padded, 1.15 * fed)
        times = np.bincount(seen, minlength=len(texts))
        self.assertGreaterEqual(times.min(), 1)
        self.assertLessEqual(times.max(), 4)

    def test_the_rate_rises_and_falls_anew_at_a_restart(self):
        plan = dataclasses.replace(PLAN, restarts=[1000], warm_up=0.1)
        trainer = self.trainer("rates", plan)
        rates = [trainer._rate(tokens) for tokens in (0, 100, 999, 1000, 1300, 3999)]
        self.assertLess(rates[0], 0.02)
        self.assertEqual(rates[1], 1)
        self.assertAlmostEqual(rates[2], plan.last_rate, places=3)
        self.assertLess(rates[3], 0.02)
        self.assertEqual(rates[4], 1)
        self.assertAlmostEqual(rates[5], plan.last_rate, places=3)

    def test_measurements_on_request_do_not_bring_the_end_nearer(self):
        plan = dataclasses.replace(PLAN, learning_rate=0.0, patience=2)
        for _ in range(4):
            trainer = self.trainer("restarted", plan)
            trainer.run(seconds=0)
        self.assertEqual(trainer.state.checks_since_best, 0)
        log = (self.folder / "restarted" / "log.jsonl").read_text().splitlines()
        self.assertEqual(len(log), 4)

    def test_an_interrupted_training_ends_where_an_uninterrupted_one_does(self):
        whole = self.trainer("whole")
        whole.run()
        first = self.trainer("parts")
        first.run(seconds=0)
        self.assertLess(first.state.tokens, PLAN.tokens)
        second = self.trainer("parts")
        self.assertEqual(second.state.tokens, first.state.tokens)
        second.run()
        for own, other in zip(whole.model.parameters(), second.model.parameters()):
            torch.testing.assert_close(own, other, rtol=1e-4, atol=1e-5)

    def test_a_training_that_gets_no_better_stops_early(self):
        plan = dataclasses.replace(PLAN, tokens=10**9, learning_rate=0.0, patience=2)
        trainer = self.trainer("stalled", plan)
        trainer.run()
        self.assertLess(trainer.state.tokens, 10_000)


class QuantizeTest(unittest.TestCase):
    def test_blocks_fit_better_than_by_their_greatest_and_read_as_llama_cpp_reads_them(self):
        random = np.random.default_rng(3)
        rows = random.normal(size=(7, 96)).astype(np.float32)
        rows[2] = 0
        kind = gguf.GGMLQuantizationType.Q4_0
        usual = gguf.quants.dequantize(gguf.quants.quantize(rows, kind), kind)
        packed = q4_0(rows)
        self.assertEqual(packed.shape, (7, 54))
        read = gguf.quants.dequantize(packed, kind)
        self.assertTrue((read[2] == 0).all())
        self.assertLess(np.square(read - rows).sum(), 0.95 * np.square(usual - rows).sum())


class ExportTest(TrainingTest):
    def test_a_file_holds_the_draft_and_its_vocabulary(self):
        for architecture in ("qwen2", "llama"):
            teacher = toy.write_teacher(self.folder / f"{architecture}.gguf", architecture)
            part = self.part(teacher)
            model = teacher.model([0, 2], part).eval()
            path = self.folder / "draft.gguf"
            facts = {"seed": 1, "agreement.toy": 0.5, "recipe": "toy", "layers": [0, 2]}
            export(model, teacher, part, path, "Draft", "F32", "F32", facts)
            draft = Teacher(path)
            self.assertEqual(draft.shape, dataclasses.replace(teacher.shape, layers=2, tokens=7))
            self.assertEqual(draft.vocabulary.texts, part.vocabulary.texts)
            self.assertEqual(draft.vocabulary.merges, ["a b"])
            self.assertEqual(draft.vocabulary.roles, {"eos": 0})
            self.assertEqual(draft.field("general.license"), "mit")
            self.assertEqual(draft.field("general.base_model.count"), 1)
            self.assertEqual(draft.field("pyramid.training.seed"), 1)
            self.assertEqual(draft.field("pyramid.training.layers"), [0, 2])
            self.assertEqual(draft.field("pyramid.vocabulary.teacher_ids"), [0, 1, 2, 3, 4, 5, 8])
            tokens = torch.tensor([[1, 5, 2, 6, 0]])
            again = draft.model([0, 1], toy.whole(draft)).eval()
            torch.testing.assert_close(model(tokens), again(tokens))

    def test_a_draft_with_layers_of_another_model_names_both(self):
        teacher = toy.write_teacher(self.folder / "teacher.gguf", "qwen2")
        base = toy.write_teacher(self.folder / "base.gguf", "llama")
        part = self.part(teacher)
        path = self.folder / "draft.gguf"
        export(base.model([1], part), teacher, part, path, "Draft", "F32", "F32", base=base)
        draft = Teacher(path)
        self.assertEqual(draft.architecture, "llama")
        self.assertEqual(draft.field("general.base_model.count"), 2)
        self.assertEqual(draft.field("llama.context_length"), 128)
        self.assertEqual(draft.vocabulary.texts, part.vocabulary.texts)

    def test_quantized_files_are_close(self):
        teacher = self.teacher()
        part = self.part(teacher)
        model = teacher.model([0, 2], part).eval()
        tokens = torch.tensor([[1, 5, 2, 6, 0]])
        errors = []
        for kind in ("F32", "F16", "Q8_0", "Q5_0", "Q4_0"):
            export(model, teacher, part, self.folder / "draft.gguf", "Draft", kind, "F32")
            again = Teacher(self.folder / "draft.gguf").model([0, 1], TrimmedVocabulary.whole(part.vocabulary))
            with torch.no_grad():
                errors.append(float((model(tokens) - again.eval()(tokens)).std()))
        self.assertEqual(errors, sorted(errors))
        self.assertLess(errors[2], 0.3 * errors[3], errors)
        self.assertLess(errors[4], 0.75 * float(model(tokens).detach().std()), errors)


if __name__ == "__main__":
    unittest.main()
