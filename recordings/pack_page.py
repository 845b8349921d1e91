"""One HTML file of a whole pack: it plays without a network, in the language in which it was made."""

import base64
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from duels.answers.answer_html import answer_html
from duels.models import Answer, Turn, Vote
from duels.reveal.moment import Moment, build_moment
from duels.reveal.ratio_labels import method_label
from duels.reveal.served_by import hosts_note
from duels.reveal.sides import RevealSide, build_sides, method_of_the_day, ratio_of
from duels.reveal.why import Why, build_why
from recordings.pack_format import Pack, RecordedDuel
from recordings.replays import build_duel, models_as_recorded
from science.energy import method_named

PARTS = Path(__file__).parent / "page_parts"
RECORDED_TEXT = settings.BASE_DIR / "static/js/recorded-text.js"
STYLE_SHEETS = ("tokens.css", "base.css", "duel.css", "reveal.css")
TITLE_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class PackAnswer:
    """pace: JSON, [milliseconds, characters] each; empty where nothing of it is known."""

    side: str
    model_name: str
    html: SafeString
    shortfall: str
    pace: str

    @property
    def letter(self) -> str:
        return self.side.upper()


@dataclass(frozen=True, slots=True)
class PackTurn:
    number: int
    prompt: str
    answers: list[PackAnswer]


@dataclass(frozen=True, slots=True)
class PackDuel:
    """One duel of the page, with its reveal."""

    id: str
    next_id: str
    title: str
    recorded_on: date
    pace_sentence: str
    turns: list[PackTurn]
    sides: list[RevealSide]
    moment: Moment
    why: Why | None
    hosts_note: str
    method_label: str


def pack_page(pack: Pack) -> str:
    """The page as HTML, in the active language."""
    style = _joined([*_style_sheets(), PARTS / "player.css"])
    script = _joined([RECORDED_TEXT, PARTS / "hands.js", PARTS / "player.js"])
    count = len(pack["duels"])
    context = {
        "pack": pack,
        "made_on": date.fromisoformat(pack["made_on"]),
        "duels": [_duel(number, count, recorded) for number, recorded in enumerate(pack["duels"], 1)],
        "choices": Vote.Choice.choices,
        "speeds": [("1", _("la vraie")), ("3", "×\u202f3"), ("10", "×\u202f10"), ("0", _("tout de suite"))],
        "policy": _policy(style, script),
        "style_element": mark_safe(f"<style>{style}</style>"),
        "script_element": mark_safe(f'<script type="module">{script}</script>'),
    }
    return render_to_string("recordings/pack_page.html", context)


def _style_sheets() -> list[Path]:
    """Those of the site: the page looks like it."""
    found = [finders.find(f"css/{name}") for name in STYLE_SHEETS]
    return [Path(path) for path in found if isinstance(path, str)]


def _joined(files: Iterable[Path]) -> str:
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _policy(style: str, script: str) -> str:
    """Nothing may be loaded; this style and this script alone are allowed, by their hashes."""
    hashed = {
        name: base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        for name, text in (("style", style), ("script", script))
    }
    return (
        f"default-src 'none'; style-src 'sha256-{hashed['style']}'; script-src 'sha256-{hashed['script']}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _duel(number: int, count: int, recorded: RecordedDuel) -> PackDuel:
    duel = build_duel(recorded, models_as_recorded(recorded))
    method = method_of_the_day(duel)
    sides = build_sides(duel, method)
    ratio = ratio_of([side.estimate for side in sides])
    moment = build_moment(sides, ratio)
    return PackDuel(
        id=f"duel-{number}",
        next_id=f"duel-{number + 1}" if number < count else "",
        title=Truncator(recorded["turns"][0]["question"]).chars(TITLE_CHARACTERS),
        recorded_on=date.fromisoformat(recorded["recorded_on"]),
        pace_sentence=_pace_sentence(recorded),
        turns=[_turn(turn) for turn in duel.turns.all()],
        sides=sides,
        moment=moment,
        why=build_why(sides, ratio, moment.picture),
        hosts_note=hosts_note(ratio, [side.estimate.hosting for side in sides]),
        method_label=method_label(method_named(method)),
    )


def _pace_sentence(recorded: RecordedDuel) -> str:
    """How the pace is known, in the order of the worst known of its answers."""
    kinds = {turn[side]["pace"]["kind"] for turn in recorded["turns"] for side in ("a", "b")}
    if "unknown" in kinds:
        return _("Aucun modèle n’est interrogé. Le rythme de ces réponses n’est pas connu.")
    if "rebuilt" in kinds:
        return _("Aucun modèle n’est interrogé. Le rythme est reconstitué d’après le début et la fin.")
    return _("Aucun modèle n’est interrogé. Le rythme est celui du jour.")


def _turn(turn: Turn) -> PackTurn:
    return PackTurn(turn.number, turn.prompt, [_answer(answer) for answer in turn.answers.all()])


def _answer(answer: Answer) -> PackAnswer:
    return PackAnswer(
        side=answer.side,
        model_name=answer.model.name,
        html=answer_html(answer),
        shortfall=answer.shortfall,
        pace=json.dumps(answer.pace, separators=(",", ":")),
    )
