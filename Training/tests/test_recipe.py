import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from pyramid_training.recipe import Recipe, lines_of
from pyramid_training.teacher import Teacher

from . import toy

RECIPES = Path(__file__).parents[1] / "recipes"

SMALL = """
name = "Small draft"
family = "smollm2"
writer = "SmolLM2-135M-Instruct.Q4_1.gguf"
teacher = "SmolLM2-135M-Instruct.Q4_1.gguf"
vocabulary = 2048
layers = 1
matrix_type = "Q4_0"
embedding_type = "Q8_0"
length = 96
seed = 1

[[domains]]
name = "chat"
questions = 24
teacher_questions = 6
prompt = "<|im_start|>user\\n"

[[domains]]
name = "text"
questions = 12
prompt = "Once upon a time"
is_chat = false

[plan]
tokens = 1500
batch_tokens = 256
check_tokens = 500
"""


FAKE = """#!{python}
# Stands in for `pyramid`: `pull` names toy files, `batch` writes random texts, `record` computes.
import json, pathlib, random, sys
sys.path.insert(0, {root!r})
from pyramid_training import record
words = sys.argv[2:]
flags = dict(zip(words[::2], words[1::2]))
if sys.argv[1] == "pull":
    print("\\n".join(str(path) for path in sorted(pathlib.Path({folder!r}).glob("*.gguf"))))
    sys.exit(1)  # as where the family's draft is yet to be made
if sys.argv[1] == "record":
    sys.argv = ["record", flags["-m"], flags["-f"], "-o", flags["-o"], "--top", "12"]
    record.main()
    sys.exit()
words = [word for word in words if word not in ("--resume", "--chat", "--no-chat")]
flags = dict(zip(words[::2], words[1::2]))
prompts = [json.loads(line) for line in open(flags["-f"])]
writer = pathlib.Path(flags["-m"]).name
with open(flags["-o"], "w") as answers:
    for index in range(int(flags.get("--samples", len(prompts)))):
        prompt = prompts[index % len(prompts)]
        draw = random.Random(f"{{writer}} {{prompt['id']}} {{index}}")
        tokens = [draw.randrange(1, 12) for _ in range(draw.randrange(8, 20))]
        # Some questions are drawn twice, and some are cut off.
        text = f"question {{index % 30}}" if "--samples" in flags else "answer"
        answers.write(json.dumps({{
            "id": prompt["id"], "text": text, "prompt_tokens": [1, 2], "tokens": tokens,
            "finish_reason": "length" if index % 7 == 0 else "end",
        }}) + "\\n")
"""


class RecipeTest(unittest.TestCase):
    def test_the_recipes_can_be_read(self):
        for path in RECIPES.glob("*.toml"):
            recipe = Recipe.read(path)
            self.assertEqual(recipe.plan.seed, recipe.seed)
            self.assertTrue(recipe.domains)

    def test_a_folder_belongs_to_one_recipe(self):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "small.toml"
            path.write_text(SMALL)
            Recipe.read(path).claim(Path(name) / "work")
            Recipe.read(path).claim(Path(name) / "work")
            path.write_text(SMALL.replace("layers = 1", "layers = 2"))
            with self.assertRaisesRegex(ValueError, "begun with another recipe"):
                Recipe.read(path).claim(Path(name) / "work")

    def test_lines_end_where_json_lines_do(self):
        with tempfile.TemporaryDirectory() as name:
            path = Path(name) / "a.jsonl"
            path.write_text('{"text": "a\u2028b\u0085c"}\n\n{"text": "d"}\n')
            self.assertEqual(len(lines_of(path)), 2)

    def test_a_recipe_is_followed_from_texts_to_the_file(self):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            toy.write_teacher(folder / "writer.gguf", "qwen2")
            toy.write_teacher(folder / "teacher.gguf", "qwen2")
            toy.write_teacher(folder / "base.gguf", "llama", layers=4)
            (folder / "small.toml").write_text(
                SMALL.replace("SmolLM2-135M-Instruct.Q4_1.gguf", "writer.gguf", 1)
                .replace("SmolLM2-135M-Instruct.Q4_1.gguf", "teacher.gguf")
                .replace("vocabulary = 2048", 'vocabulary = 9\nbase = "base.gguf"')
                .replace("layers = 1", "layers = 2")
                .replace("questions = 24\nteacher_questions = 6", "questions = 20\nteacher_questions = 35")
            )
            program = folder / "pyramid"
            root = RECIPES.parent
            program.write_text(FAKE.format(python=sys.executable, root=str(root), folder=name))
            program.chmod(0o755)
            command = [
                sys.executable, "-m", "pyramid_training", str(folder / "small.toml"), "--pyramid",
                str(program), "--work", str(folder / "work"), "-o", str(folder / "draft.gguf"),
            ]
            first = subprocess.run(command, cwd=root, capture_output=True, text=True)
            self.assertEqual(first.returncode, 0, first.stderr)
            draft = Teacher(folder / "draft.gguf")
            self.assertEqual((draft.architecture, draft.shape.layers), ("llama", 2))
            self.assertEqual(len(draft.vocabulary), 9)
            self.assertEqual(draft.field("general.base_model.count"), 2)
            self.assertGreaterEqual(draft.field("pyramid.training.tokens"), 1500)
            for domain in ("chat", "text"):
                for whose in ("teacher", "target"):
                    agreement = draft.field(f"pyramid.training.agreement.{domain}.{whose}")
                    self.assertTrue(0 < agreement < 1, agreement)
            data = folder / "work" / "data"
            questions = {
                name: [json.loads(line)["prompt"] for line in lines_of(data / f"{name}.jsonl")]
                for name in ("chat-questions", "chat-by-teacher-questions")
            }
            # No question twice, and the teacher gets none of the writer's.
            asked = questions["chat-questions"] + questions["chat-by-teacher-questions"]
            self.assertEqual(len(asked), len(set(asked)))
            self.assertTrue(questions["chat-questions"])
            # Once more: all is there already.
            again = subprocess.run(command, cwd=root, capture_output=True, text=True)
            self.assertEqual(again.returncode, 0, again.stderr)
            self.assertNotIn("are drawn", again.stdout)

    @unittest.skipUnless(
        os.environ.get("PYRAMID_PROGRAM"), "PYRAMID_PROGRAM does not name the pyramid program"
    )
    def test_a_recipe_makes_a_draft_that_a_pyramid_uses(self):
        program = os.environ["PYRAMID_PROGRAM"]
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "small.toml").write_text(SMALL)
            command = [
                sys.executable, "-m", "pyramid_training", str(folder / "small.toml"), "--pyramid",
                program, "--work", str(folder / "work"), "-o", str(folder / "draft.gguf"),
            ]
            root = RECIPES.parent
            subprocess.run(command, check=True, cwd=root, capture_output=True)
            draft = Teacher(folder / "draft.gguf")
            self.assertEqual(draft.shape.layers, 1)
            self.assertEqual(len(draft.vocabulary), 2048)
            self.assertGreaterEqual(draft.field("pyramid.training.tokens"), 1500)
            pull = [program, "pull", "smollm2"]
            target = subprocess.run(pull, check=True, capture_output=True, text=True).stdout.split()[0]
            generate = [
                program, "generate", "-m", target, "-n", "32", "--temp", "0", "-p", "The capital of",
            ]
            plain = subprocess.run(generate, check=True, capture_output=True, text=True)
            for backend in ("native", "llama.cpp"):
                flags = ["-md", str(folder / "draft.gguf"), "--lookahead", "3"]
                drafted = subprocess.run(
                    [*generate, *flags, "--backend", backend], check=True, capture_output=True,
                    text=True,
                )
                self.assertIn("knows only 2048 tokens", drafted.stderr)
                if backend == "native":
                    self.assertEqual(drafted.stdout, plain.stdout)


if __name__ == "__main__":
    unittest.main()
