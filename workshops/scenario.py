"""Scenarios: ordered steps, read from TOML files that anybody can edit, checked, and written again."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

FOLDER = Path(__file__).parent / "scenarios"
KINDS = ("slide", "quiz", "duel", "discussion")
FIGURES = ("", "join", "factors", "squares", "graph", "lens", "experts", "nested", "remember")
PAIRS = ("small_against_large", "two_small", "same_family", "dense_against_experts", "chosen", "random")
LESSONS = ("", "size", "tokens", "architecture", "simulator", "method", "glossary")
MAX_STEPS, MAX_MINUTES, MAX_TEXT_CHARACTERS, MAX_OPTIONS, MAX_FILE_BYTES = 40, 180, 4_000, 6, 200_000
MAX_POINTS_PER_LINE = 300
DEFAULT_TIMER_SECONDS = 60


class InvalidScenario(Exception):
    """A scenario that cannot be played; the message says what to mend, in the reader's language."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step. text: shown, a paragraph a line; notes: for the facilitator alone.

    prompts: of a discussion. options, right (from 1) and why: of a quiz. question and pair: of a duel.
    recording: the code of a recorded duel, which is shown in place of one that is played.
    """

    id: str
    kind: str
    title: str
    minutes: int
    text: str = ""
    notes: str = ""
    figure: str = ""
    lesson: str = ""
    question: str = ""
    pair: str = "small_against_large"
    recording: str = ""
    options: tuple[str, ...] = ()
    right: int = 0
    why: str = ""
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    title: str
    steps: tuple[Step, ...] = field(default=())

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    def step(self, step_id: str) -> Step:
        """The step of that id; the first where it was removed."""
        return next((step for step in self.steps if step.id == step_id), self.steps[0])

    def index(self, step_id: str) -> int:
        return self.steps.index(self.step(step_id))

    def as_dict(self) -> dict[str, Any]:
        """As stored with a workshop: without what has its default."""
        return {"title": self.title, "steps": [_without_defaults(step) for step in self.steps]}


def _without_defaults(step: Step) -> dict[str, Any]:
    defaults = {one.name: one.default for one in fields(Step)}
    return {name: value for name, value in asdict(step).items() if value != defaults[name]}


def from_dict(stored: Mapping[str, Any]) -> Scenario:
    """Check a scenario. Raises InvalidScenario."""
    title, steps = stored.get("title"), stored.get("steps")
    if not isinstance(title, str) or not title.replace("\x00", "").strip():
        raise InvalidScenario(_("Il manque un titre au scénario."))
    if not isinstance(steps, list) or not 0 < len(steps) <= MAX_STEPS:
        raise InvalidScenario(_("Un scénario a entre 1 et %(most)d étapes.") % {"most": MAX_STEPS})
    read = tuple(_read_step(number, step) for number, step in enumerate(steps, 1))
    if len({step.id for step in read}) < len(read):
        raise InvalidScenario(_("Deux étapes portent le même identifiant."))
    return Scenario(title.replace("\x00", "").strip()[:120], read)


def _read_step(number: int, raw: Any) -> Step:
    problem = _problem(raw)
    if problem:
        raise InvalidScenario(_("Étape %(number)d : %(problem)s") % {"number": number, "problem": problem})
    listed = {name: tuple(raw.get(name, ())) for name in ("options", "prompts")}
    known = {one.name for one in fields(Step)}
    return Step(**{"id": f"etape-{number}"} | {key: raw[key] for key in raw if key in known} | listed)


def _problem(raw: Any) -> str:
    """Why a table of a file makes no step; empty where it does."""
    if not isinstance(raw, dict):
        return _("elle n’est pas un tableau.")
    unknown = sorted(set(raw) - {one.name for one in fields(Step)})
    if unknown:
        return _("champ inconnu : %(name)s.") % {"name": unknown[0]}
    if raw.get("kind") not in KINDS:
        return _("« kind » est l’un de ces mots : %(words)s.") % {"words": ", ".join(KINDS)}
    if type(minutes := raw.get("minutes")) is not int or not 0 < minutes <= MAX_MINUTES:
        return _("« minutes » est un nombre entier, de 1 à %(most)d.") % {"most": MAX_MINUTES}
    return _text_problem(raw) or _choice_problem(raw)


def _text_problem(raw: Mapping[str, Any]) -> str:
    for name in ("id", "title", "text", "notes", "question", "why", "recording"):
        if not isinstance(raw.get(name, ""), str) or len(raw.get(name, "")) > MAX_TEXT_CHARACTERS:
            return _("« %(name)s » est un texte de %(most)d caractères au plus.") % {
                "name": name,
                "most": MAX_TEXT_CHARACTERS,
            }
    for name in ("options", "prompts"):
        if not _are_texts(raw.get(name, [])):
            return _("« %(name)s » est une liste de textes courts.") % {"name": name}
    texts = (
        raw.get(name, ()) for name in ("title", "text", "notes", "question", "why", "options", "prompts")
    )
    if any("\x00" in text for one in texts for text in ([one] if isinstance(one, str) else one)):
        return _("un texte contient un caractère nul.")
    return "" if raw.get("title", "").strip() else _("il manque un titre.")


def _are_texts(values: Any) -> bool:
    return (
        isinstance(values, list | tuple)
        and len(values) <= MAX_OPTIONS
        and all(isinstance(value, str) and 0 < len(value) <= MAX_TEXT_CHARACTERS for value in values)
    )


def _choice_problem(raw: Mapping[str, Any]) -> str:
    for name, words in (("figure", FIGURES), ("pair", PAIRS), ("lesson", LESSONS)):
        if raw.get(name, words[0]) not in words:
            return _("« %(name)s » est l’un de ces mots : %(words)s.") % {
                "name": name,
                "words": ", ".join(filter(None, words)),
            }
    if raw["kind"] == "quiz" and (len(raw.get("options", ())) < 2 or not _is_rank(raw)):
        return _("il faut deux réponses au moins, et « right », le rang de la bonne.")
    if not raw.get("id", "x").replace("-", "").isalnum() or len(raw.get("id", "")) > 40:
        return _("« id » est un mot court, sans espace.")
    return ""


def _is_rank(raw: Mapping[str, Any]) -> bool:
    right = raw.get("right")
    return type(right) is int and 1 <= right <= len(raw["options"])


def parse_toml(text: str) -> Scenario:
    """Read a scenario from the text of a file. Raises InvalidScenario."""
    # Each point may begin a table within a table: thousands of them on one line take minutes to read.
    if any(line.count(".") > MAX_POINTS_PER_LINE for line in text.split("\n")):
        raise InvalidScenario(_("Une ligne de ce fichier a trop de points."))
    try:
        return from_dict(tomllib.loads(text))
    except RecursionError as error:
        raise InvalidScenario(_("Ce fichier contient trop de listes les unes dans les autres.")) from error
    except ValueError as error:  # of tomllib, or of a number of thousands of digits
        line = re.search(r"line (\d+)", str(error))
        where = _("à la ligne %(line)s") % {"line": line[1]} if line else _("quelque part")
        sentence = _("Ce fichier n’est pas du TOML : quelque chose manque ou est de trop, %(where)s.")
        raise InvalidScenario(sentence % {"where": where}) from error


def to_toml(scenario: Scenario) -> str:
    """The scenario as the text of a file that parse_toml reads."""
    stored = scenario.as_dict()
    lines = [f"title = {_toml_value(stored['title'])}"]
    for step in stored["steps"]:
        lines += ["", "[[steps]]", *(f"{name} = {_toml_value(value)}" for name, value in step.items())]
    return "\n".join(lines) + "\n"


def _toml_value(value: str | int | Sequence[str]) -> str:
    """JSON writes strings, numbers and lists as TOML does, but for the delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


@cache
def ready_made(language: str) -> dict[str, Scenario]:
    """The scenarios of the site in that language, by slug, in the order of the page.

    A file has either its own list of steps, or `versions`: for each its minutes and those of its steps.
    """
    found: dict[str, Scenario] = {}
    folder = FOLDER / (language if (FOLDER / language).is_dir() else "fr")
    for path in sorted(folder.glob("*.toml")):
        stored = tomllib.loads(path.read_text(encoding="utf-8"))
        slug = path.stem.partition("-")[2]
        for name, minutes in stored.pop("versions", {"": None}).items():
            found[f"{slug}-{name}".strip("-")] = _version(stored, name, minutes)
    return found


def _version(stored: Mapping[str, Any], name: str, minutes: Mapping[str, int] | None) -> Scenario:
    if minutes is None:
        return from_dict(stored)
    by_id = {step["id"]: step for step in stored["steps"]}
    steps = [by_id[step_id] | {"minutes": length} for step_id, length in minutes.items()]
    return from_dict({"title": f"{stored['title']} · {name} min", "steps": steps})
