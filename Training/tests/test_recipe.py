import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from pyramid_training.recipe import Recipe, lines_of
from pyramid_training.teacher import Teacher

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
            target = subprocess.run(pull, check=True, capture_output=True, text=True).stdout.strip()
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
