"""A recipe for a draft, and its data: texts that the models write themselves."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from .recording import Recording
from .train import Plan


@dataclass
class Domain:
    """Texts of one kind."""

    name: str
    # What a question is drawn after.
    prompt: str
    # Texts by the writer.
    questions: int
    # Further ones by the teacher: written several times faster, and for learning only.
    teacher_questions: int = 0
    # Whether what is drawn is a question to be answered, or the text itself.
    is_chat: bool = True


@dataclass
class Recipe:
    """All that decides what a draft becomes."""

    name: str
    family: str
    writer: str
    teacher: str
    vocabulary: int
    layers: int
    matrix_type: str
    embedding_type: str
    length: int
    seed: int
    domains: list[Domain]
    # Whose layers and embeddings the draft begins with, and their family; the teacher's where none
    # is named. A smaller model loses less where most layers go.
    base: str = ""
    base_family: str = ""
    plan: Plan = field(default_factory=Plan)

    @staticmethod
    def read(path: Path) -> "Recipe":
        with open(path, "rb") as file:
            values = tomllib.load(file)
        values["domains"] = [Domain(**domain) for domain in values["domains"]]
        values["plan"] = Plan(**values.get("plan", {}), seed=values["seed"])
        return Recipe(**values)

    def claim(self, folder: Path) -> None:
        """Makes a folder this recipe's: what is kept there was made by it and by no other."""
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "recipe.json"
        own = asdict(self)
        # How long to go on can be thought of again.
        for limit in ("patience", "check_tokens"):
            del own["plan"][limit]
        if path.exists() and json.loads(path.read_text()) != own:
            raise ValueError(
                f"{folder} was begun with another recipe; delete it, or name another folder"
            )
        path.write_text(json.dumps(own, indent=1))


def lines_of(path: Path) -> list[str]:
    """The lines of a JSONL file; its texts may hold what Unicode calls line separators."""
    return [line for line in path.read_text().split("\n") if line]


# Every how manyth text of a domain is held out.
HELD_OUT = 12


@dataclass
class DomainLaws:
    """Recorded laws on the texts of a domain."""

    # The teacher's, to learn from.
    learnt: list[Recording]
    # Those on texts that are held out, by whose law it is: the teacher's and the writer's.
    held_out: dict[str, Recording]


class Data:
    """The texts of a recipe and the teacher's laws on them, in a folder that keeps every step."""

    def __init__(
        self,
        recipe: Recipe,
        folder: Path,
        pyramid: Path,
        report: Callable[[str], None] = print,
    ):
        self.recipe = recipe
        self.folder = folder
        self.pyramid = pyramid
        self.report = report
        models = self._pull(recipe.family, [recipe.writer, recipe.teacher])
        self.writer, self.teacher = models[recipe.writer], models[recipe.teacher]
        self.base = self.teacher
        if recipe.base:
            family = recipe.base_family or recipe.family
            self.base = self._pull(family, [recipe.base])[recipe.base]
        folder.mkdir(parents=True, exist_ok=True)

    def make(self) -> dict[str, DomainLaws]:
        """The laws on all texts, by domain."""
        return {domain.name: self._laws(domain) for domain in self.recipe.domains}

    def _laws(self, domain: Domain) -> DomainLaws:
        learnt = self.folder / f"{domain.name}-learnt.jsonl"
        held_out = self.folder / f"{domain.name}-held-out.jsonl"
        if not (learnt.exists() and held_out.exists()):
            lines = lines_of(self._texts(domain, domain.name, domain.questions, self.writer))
            held_out.write_text("\n".join(lines[::HELD_OUT]) + "\n")
            rest = (line for index, line in enumerate(lines) if index % HELD_OUT)
            learnt.write_text("\n".join(rest) + "\n")
        files = [learnt]
        if domain.teacher_questions > 0:
            files.append(self._texts_by_teacher(domain))
        models = {"teacher": self.teacher}
        if self.writer != self.teacher:
            models["target"] = self.writer
        return DomainLaws(
            [self._recording(file, self.teacher, "teacher") for file in files],
            {name: self._recording(held_out, model, name) for name, model in models.items()},
        )

    def _texts_by_teacher(self, domain: Domain) -> Path:
        """To learn from only, so without the questions that the writer was asked."""
        name = f"{domain.name}-by-teacher"
        learnt = self.folder / f"{name}-learnt.jsonl"
        if not learnt.exists():
            known = set()
            if domain.is_chat:
                asked = lines_of(self.folder / f"{domain.name}-questions.jsonl")
                known = {json.loads(line)["prompt"] for line in asked}
            texts = self._texts(domain, name, domain.teacher_questions, self.teacher, known)
            shutil.copyfile(texts, learnt)
        return learnt

    def _recording(self, texts: Path, model: Path, name: str) -> Recording:
        """The model's laws on the texts; an interrupted recording is made again."""
        folder = texts.with_suffix("").with_name(f"{texts.stem}-{name}")
        if not folder.exists():
            part = folder.with_name(folder.name + ".part")
            shutil.rmtree(part, ignore_errors=True)
            self._run(
                "record", "-m", model, "-f", texts, "-o", part, "--length", self.recipe.length,
                "--top", 32,
            )
            part.rename(folder)
        return Recording(folder)

    def _texts(
        self,
        domain: Domain,
        name: str,
        count: int,
        writer: Path,
        known: set[str] = frozenset(),
    ) -> Path:
        """Texts of a domain, written by a model, in files that begin with a name; no answers to
        questions that are known."""
        start = self.folder / f"{name}-start.jsonl"
        start.write_text(json.dumps({"id": name, "prompt": domain.prompt}) + "\n")
        drawn = self.folder / f"{name}-drawn.jsonl"
        self.report(f"{name}: {count} texts are drawn")
        self._batch(
            writer, start, drawn, "--samples", count, "--temp", 1, "--top-k", 0, "--top-p", 0.98,
            "--min-p", 0.02, "-n", 160 if domain.is_chat else self.recipe.length, "--no-chat",
        )
        if not domain.is_chat:
            return drawn
        questions = self.folder / f"{name}-questions.jsonl"
        lines = map(json.loads, lines_of(drawn))
        # One that was cut off is no question.
        whole = (answer["text"].strip() for answer in lines if answer["finish_reason"] == "end")
        asked = dict.fromkeys(text for text in whole if text and text not in known)
        questions.write_text(
            "".join(
                json.dumps({"id": f"{name}/{index}", "prompt": question}) + "\n"
                for index, question in enumerate(asked)
            )
        )
        self.report(f"{name}: {len(asked)} questions are answered")
        answers = self.folder / f"{name}-answers.jsonl"
        self._batch(
            writer, questions, answers, "--chat", "--temp", 0.6, "-n", self.recipe.length - 64
        )
        return answers

    def _batch(self, writer: Path, prompts: Path, answers: Path, *flags) -> None:
        self._run(
            "batch", "-m", writer, "-f", prompts, "-o", answers, "--resume", "-c", 1024,
            "--parallel", 16, "--seed", self.recipe.seed, *flags,
        )

    def _pull(self, family: str, names: list[str]) -> dict[str, Path]:
        """A family's files by name, pulled where they are not there yet."""
        pull = [str(self.pyramid), "pull", family]
        # It may fail at a draft that is to be made here; others have been printed then.
        lines = subprocess.run(pull, stdout=subprocess.PIPE, text=True).stdout
        files = {Path(line).name: Path(line) for line in lines.splitlines()}
        for name in names:
            if name not in files:
                raise ValueError(
                    f"{name} of the family {family} cannot be had; there are: {', '.join(files)}"
                )
        return files

    def _run(self, *words) -> None:
        subprocess.run([str(self.pyramid), *map(str, words)], check=True)
