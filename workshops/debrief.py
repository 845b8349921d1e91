"""The debrief: questions, both votes, the energy, the lessons seen; no name."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from workshops.ballot_box import count_choices, count_moves
from workshops.flows import Flow, count_changed, draw_flow
from workshops.group_reveal import GroupReveal, SessionTotal, add_up, reveal_to_group
from workshops.models import VOTE_CHOICES, Round, RoundBallot, Workshop
from workshops.scenario import Scenario, Step, from_dict

MIN_DUELS_TO_RANK = 3
Kind = RoundBallot.Kind


@dataclass(frozen=True, slots=True)
class DuelDebrief:
    """One duel that was revealed."""

    round: Round
    prompt: str
    reveal: GroupReveal
    blind: dict[str, int]
    second: dict[str, int]
    bet: dict[str, int]
    moves: dict[tuple[str, str], int]
    flow: Flow | None

    @property
    def votes(self) -> list[tuple[str, int, int]]:
        """Label of each choice, its blind votes and its second ones."""
        return [
            (str(label), self.blind.get(key, 0), self.second.get(key, 0))
            for key, label in VOTE_CHOICES.items()
        ]

    @property
    def changed(self) -> int:
        return count_changed(self.moves)


@dataclass(frozen=True, slots=True)
class RankedModel:
    """A model of the room's own ranking: blind points of the duels that it played."""

    name: str
    won: int
    played: int


@dataclass(frozen=True, slots=True)
class Debrief:
    workshop: Workshop
    scenario: Scenario
    duels: list[DuelDebrief]
    lessons: list[Step]
    quizzes: list[tuple[Step, int, int]]  # answers, and right ones
    total: SessionTotal | None
    people: int
    ranking: list[RankedModel]


def debrief(workshop: Workshop) -> Debrief:
    scenario = from_dict(workshop.scenario)
    played = list(workshop.rounds.select_related("duel").exclude(revealed_at=None))
    duels = [_duel_debrief(one) for one in played if one.duel]
    seen = scenario.index(workshop.step_id) + 1
    asked = workshop.rounds.filter(duel__isnull=False, duel__recorded_on=None).select_related("duel")
    hidden = {one.step_id for one in asked if not one.revealed_at and not one.replaced_at}
    shown = [one for one in asked if one.revealed_at or one.step_id not in hidden]
    return Debrief(
        workshop=workshop,
        scenario=scenario,
        duels=duels,
        lessons=[step for step in scenario.steps[:seen] if step.kind == "slide" and step.lesson],
        quizzes=[_quiz(scenario, one) for one in workshop.rounds.filter(duel=None)],
        total=add_up(shown) if shown else None,
        people=sum(workshop.seats.filter(removed_at=None).values_list("heads", flat=True)),
        ranking=_ranking(duels),
    )


def _duel_debrief(played: Round) -> DuelDebrief:
    assert played.duel is not None
    reveal = reveal_to_group(played.duel)
    blind, second = count_choices(played, Kind.BLIND), count_choices(played, Kind.SECOND)
    moves = count_moves(played)
    return DuelDebrief(
        round=played,
        prompt=played.duel.last_turn.prompt,
        reveal=reveal,
        blind=blind,
        second=second,
        bet=count_choices(played, Kind.BET),
        moves=moves,
        flow=draw_flow(blind, second, moves),
    )


def _quiz(scenario: Scenario, asked: Round) -> tuple[Step, int, int]:
    step, counts = scenario.step(asked.step_id), count_choices(asked, Kind.QUIZ)
    return step, sum(counts.values()), counts.get(str(step.right), 0)


def _ranking(duels: Iterable[DuelDebrief]) -> list[RankedModel]:
    """Blind victories by model, from MIN_DUELS_TO_RANK duels on; a tie is half a victory for neither."""
    won, played = Counter[str](), Counter[str]()
    decided = [duel for duel in duels if sum(duel.blind.values())]
    for duel in decided:
        names = {side.side: side.model.name for side in duel.reveal.sides}
        played.update(names.values())
        a, b = duel.blind.get("a", 0), duel.blind.get("b", 0)
        if a != b:
            won[names["a" if a > b else "b"]] += 1
    if len(decided) < MIN_DUELS_TO_RANK:
        return []
    ranked = sorted(played, key=lambda name: (-won[name] / played[name], name))
    return [RankedModel(name, won[name], played[name]) for name in ranked]


def as_json(made: Debrief) -> dict[str, Any]:
    """Energies in Wh, sizes in billions of parameters."""
    total = made.total
    return {
        "title": made.scenario.title,
        "day": made.workshop.created_at.date().isoformat(),
        "people_on_devices": made.people,
        "energy_wh": {"low": total.low_wh, "mid": total.mid_wh, "high": total.high_wh} if total else None,
        "lessons": [step.title for step in made.lessons],
        "quizzes": [
            {"question": step.title, "answers": answers, "right": right}
            for step, answers, right in made.quizzes
        ],
        "duels": [_duel_json(duel) for duel in made.duels],
        "ranking": [asdict(model) for model in made.ranking],
    }


def _duel_json(duel: DuelDebrief) -> dict[str, Any]:
    return {
        "question": duel.prompt,
        "blind": duel.blind,
        "second": duel.second,
        "bet": duel.bet,
        "changed": duel.changed if duel.moves else None,
        "ratio_a_over_b": duel.reveal.ratio.same_conditions.as_dict() if duel.reveal.ratio else None,
        "sides": {
            side.side: {
                "model": side.model.slug,
                "name": side.model.name,
                "tokens": side.estimate.tokens,
                "energy_wh": side.estimate.energy_wh.as_dict(),
                "method": side.estimate.method.name,
            }
            for side in duel.reveal.sides
        },
    }


HEADER = (
    "row", "question", "side", "model", "tokens", "energy_low_wh", "energy_mid_wh", "energy_high_wh",
    "method", "blind_votes", "second_votes", "both_good_blind", "neither_blind", "both_good_second",
    "neither_second", "changed", "answers", "right", "won", "played",
)  # fmt: skip


def as_csv(made: Debrief) -> str:
    """One line per side of each duel, then those of the ranking, quizzes, lessons and session: `row` says."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADER, restval="")
    writer.writeheader()
    writer.writerows(row for duel in made.duels for row in _answer_rows(duel))
    writer.writerows(
        {"row": "ranking", "model": m.name, "won": m.won, "played": m.played} for m in made.ranking
    )
    for step, answers, right in made.quizzes:
        writer.writerow(
            {"row": "quiz", "question": plain_cell(step.title), "answers": answers, "right": right}
        )
    writer.writerows({"row": "lesson", "question": plain_cell(step.title)} for step in made.lessons)
    if total := made.total:
        writer.writerow({"row": "session"} | _energy_cells(total.low_wh, total.mid_wh, total.high_wh))
    return text.getvalue()


def _answer_rows(duel: DuelDebrief) -> Iterator[dict[str, Any]]:
    for side in duel.reveal.sides:
        energy = side.estimate
        yield {
            "row": "answer",
            "question": plain_cell(duel.prompt),
            "side": side.letter,
            "model": side.model.slug,
            "tokens": energy.tokens,
            "method": energy.method.name,
            "blind_votes": duel.blind.get(side.side, 0),
            "second_votes": duel.second.get(side.side, 0),
            "both_good_blind": duel.blind.get("both_good", 0),
            "neither_blind": duel.blind.get("both_bad", 0),
            "both_good_second": duel.second.get("both_good", 0),
            "neither_second": duel.second.get("both_bad", 0),
            "changed": duel.changed if duel.moves else "",
        } | _energy_cells(energy.low_wh, energy.mid_wh, energy.high_wh)


def _energy_cells(low: float, mid: float, high: float) -> dict[str, float]:
    return {"energy_low_wh": low, "energy_mid_wh": mid, "energy_high_wh": high}


def plain_cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def doubt_sentence(made: Debrief) -> str:
    """How little the room's ranking says."""
    return _("Avec %(count)d duels, le hasard compte autant que les modèles : ce classement est un jeu.") % {
        "count": len(made.duels)
    }
