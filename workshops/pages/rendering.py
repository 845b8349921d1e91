"""The views of a workshop as HTML fragments, the same for everybody who looks at one in one language."""

import re
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import get_language

from duels.candidates import candidate_pool
from duels.pages.suggestions import ideas
from workshops import ballot_box
from workshops.codes import in_groups
from workshops.lesson_slides import figure_context
from workshops.models import Seat
from workshops.phases import BEATS
from workshops.room_state import Snapshot, proposals
from workshops.rounds import SILENCE_SECONDS, possible_pairs

VIEWS = ("screen", "console", "participant")
INDENTATION = re.compile(r"(?<!\s)\s*\n\s*")
TYPE_SIZES = {"huge": 180, "large": 380, "middle": 900}  # of the longer answer, in characters below
READING = ("answers", "vote", "closed", "results")


def render_view(snapshot: Snapshot, view: str) -> str:
    """The fragment in the active language, in which the snapshot was loaded."""
    html = render_to_string(f"workshops/_{view}.html", view_context(snapshot, view))
    # Indentation is a third of a participant's bytes; on the screen, answers may hold code.
    return html if view == "screen" else INDENTATION.sub("\n", html).strip()


def view_context(snapshot: Snapshot, view: str) -> dict[str, Any]:
    """The context of the template of a view."""
    shared = {
        "state": snapshot,
        "workshop": snapshot.workshop,
        "step": snapshot.step,
        "phase": snapshot.position.phase,
        "code": snapshot.workshop.code,
        "spoken_code": in_groups(snapshot.workshop.code),
        "votes": [
            (kind, list(ballot_box.choices_of(kind, snapshot.step).items())) for kind in snapshot.open_kinds
        ],
        "is_reading": snapshot.position.phase in READING,
        "beats": BEATS,
    }
    if view == "participant":
        return shared
    return shared | {"screen": _screen, "console": _console}[view](snapshot)


def _screen(snapshot: Snapshot) -> dict[str, Any]:
    """swap_key: the same while the two answers stay on the screen, so that they keep their place."""
    played, phase = snapshot.round, snapshot.position.phase
    is_ready = played is not None and played.ready_at is not None
    shown = f"texts-{is_ready}" if phase in ("answers", "vote", "closed") else phase
    shown = "ended" if snapshot.workshop.ended_at else shown
    key = {"swap_key": f"{snapshot.step.id}-{played.number if played else 0}-{shown}"}
    context = key | figure_context(snapshot.step.figure, get_language() or "fr", snapshot.workshop.version)
    longest = max((len(answer.text) for answer in snapshot.answers), default=0)
    sizes = (size for size, most in TYPE_SIZES.items() if longest < most)
    return context | {"type_size": next(sizes, "small") if is_ready else "middle"}


def _console(snapshot: Snapshot) -> dict[str, Any]:
    """Models and ideas only where a question is being chosen: none is named while two of them answer."""
    shown: dict[str, Any] = {
        "proposals": proposals(snapshot.workshop),
        "seats": list(Seat.objects.filter(workshop=snapshot.workshop, removed_at=None)),
        "silence_seconds": SILENCE_SECONDS,
        "hand_rows": _hand_rows(snapshot),
    }
    if snapshot.position.phase != "prompt":
        return shown
    pairs, found = possible_pairs(), ideas()
    return shown | {
        "pairs": pairs,
        "default_pair": snapshot.step.pair if snapshot.step.pair in pairs else "random",
        "impossible_pair": snapshot.step.pair if snapshot.step.pair not in pairs else "",
        "models": candidate_pool().choices,
        "topics": [(topic, found.on(topic)) for topic in found.topics],
    }


def _hand_rows(snapshot: Snapshot) -> list[tuple[str, str, int]]:
    """Choice, label and raised hands of the vote that is open or has just closed."""
    kind = snapshot.counted_kind
    if not kind or snapshot.round is None:
        return []
    choices = ballot_box.choices_of(kind, snapshot.step).items()
    return [(choice, label, snapshot.hands.get(choice, 0)) for choice, label in choices]
