"""The present state of a workshop, loaded once for all of its views.

Until the reveal nothing in it holds a model: answers are loaded without theirs, and the reveal is not made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import redis
from django.db.models import Count, Sum
from django.utils import timezone

from duels import valkey
from duels.answers.answer_html import answer_html
from duels.lifecycle import stream_key
from duels.models import Answer
from duels.pages.presenters import AnswerView, pace_json
from duels.worker import reaper
from workshops import phases, rounds
from workshops.ballot_box import choices_of, count_choices, count_moves
from workshops.flows import Flow, draw_flow
from workshops.group_reveal import GroupReveal, SessionTotal, reveal_to_group, session_total
from workshops.models import Proposal, Round, RoundBallot, Seat, Workshop
from workshops.phases import OPEN_KINDS, Position
from workshops.scenario import Scenario, Step, from_dict

Kind = RoundBallot.Kind
# Which vote a phase shows results of, and which it counts.
RESULTS_OF = {"results": Kind.BLIND, "outcome": Kind.SECOND, "answer": Kind.QUIZ}
COUNTED_IN = {"vote": Kind.BLIND, "closed": Kind.BLIND, "second": Kind.SECOND, "question": Kind.QUIZ}
COUNTED_IN |= RESULTS_OF
SECONDS_PER_MINUTE = 60


@dataclass(frozen=True, slots=True)
class Clock:
    """Minutes since the beginning, the planned minutes of this step, and how late the session is."""

    elapsed: int
    planned_start: int
    planned_end: int

    @property
    def late(self) -> int:
        """Minutes beyond the planned end of this step."""
        return max(0, self.elapsed - self.planned_end)

    @property
    def early(self) -> int:
        """Minutes before its planned beginning."""
        return max(0, self.planned_start - self.elapsed)


@dataclass(frozen=True, slots=True)
class Bar:
    """One choice of a vote as a bar."""

    choice: str
    label: str
    count: int
    percent: float
    is_right: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state, as every view shows a part of it."""

    workshop: Workshop
    scenario: Scenario
    step: Step
    position: Position
    round: Round | None
    prompt: str
    answers: Sequence[AnswerView]
    is_playable: bool
    silent: bool
    counted: int
    people: int
    bars: list[Bar]
    hands: dict[str, int]
    bets: list[Bar]
    flow: Flow | None
    reveal: GroupReveal | None
    total: SessionTotal | None
    clock: Clock
    timer_seconds: int | None

    @property
    def index(self) -> int:
        """The number of the step, from 1."""
        return self.scenario.index(self.step.id) + 1

    @property
    def open_kinds(self) -> tuple[str, ...]:
        if self.round and self.round.revealed_at and self.position.phase == "vote":
            return ()
        return OPEN_KINDS.get(self.position.phase, ())

    @property
    def counted_kind(self) -> str:
        """The vote that this phase counts; empty where it counts none."""
        return COUNTED_IN.get(self.position.phase, "")

    @property
    def counted_hands(self) -> int:
        """Raised hands of the vote that this phase counts."""
        return sum(self.hands.values())

    @property
    def counted_on_devices(self) -> int:
        """People who have voted on a device."""
        return self.counted - self.counted_hands

    @property
    def next_step(self) -> Step | None:
        return self.scenario.steps[self.index] if self.index < len(self.scenario.steps) else None


def load_snapshot(code: str) -> Snapshot | None:
    """The state of the workshop of that code; None where it is deleted."""
    workshop = Workshop.objects.filter(code=code).first()
    if workshop is None:
        return None
    scenario = from_dict(workshop.scenario)
    step = scenario.step(workshop.step_id)
    played = rounds.present_round(workshop)
    position = Position(step.id, workshop.phase if workshop.phase in phases.PHASES[step.kind] else "")
    stored = rounds.answers_of(played) if played and played.duel_id else []
    if played and rounds.mark_ready(played, stored):
        played.ready_at = timezone.now()
    now = timezone.now()
    kind = COUNTED_IN.get(position.phase, "")
    counts = count_choices(played, kind) if played and kind else {}
    shows_results = played is not None and position.phase in RESULTS_OF
    seats = Seat.objects.filter(workshop=workshop, removed_at=None).aggregate(people=Sum("heads"))
    reveal = reveal_to_group(played.duel) if played and played.duel and position.is_revealed else None
    return Snapshot(
        workshop=workshop,
        scenario=scenario,
        step=step,
        position=position,
        round=played,
        prompt=stored[0].turn.prompt if stored else "",
        answers=[_view(answer) for answer in stored],
        is_playable=rounds.is_playable(stored),
        silent=played is not None and is_silent(played, stored, now),
        counted=sum(counts.values()),
        people=seats["people"] or 0,
        bars=_bars(counts, kind, step) if shows_results else [],
        hands=played.hands.get(kind, {}) if played else {},
        bets=_bets(played, step) if played and reveal and position.phase == "energy" else [],
        flow=_flow(played, counts) if played and position.phase == "outcome" else None,
        reveal=reveal,
        total=session_total(workshop),
        clock=_clock(workshop, scenario, now),
        timer_seconds=_timer_seconds(workshop, now),
    )


def _view(answer: Answer) -> AnswerView:
    return AnswerView(
        side=answer.side,
        model_name="",
        state=answer.state,
        stopped=answer.stopped,
        html=answer_html(answer),
        text=answer.text,
        reasoning="",
        shortfall=answer.shortfall,
        can_retry=False,
        reaction=None,
        pace=pace_json(answer) if answer.turn.duel.recorded_on else "",
    )


def is_silent(played: Round, answers: Sequence[Answer], now: datetime) -> bool:
    """Whether a side has written nothing for SILENCE_SECONDS, has failed, or was left by its worker."""
    if any(answer.state == Answer.State.FAILED for answer in answers):
        return True
    if played.ready_at or not answers or now - played.created_at < timedelta(seconds=rounds.SILENCE_SECONDS):
        return False
    try:
        entries = cast(list[tuple[str, dict[str, str]]], valkey.client().xrange(stream_key(answers[0].turn)))
    except redis.RedisError:
        return True
    started = {
        name.partition("-")[0] for _id, fields in entries for name in fields if name.endswith("-chunk")
    }
    have_begun = all(answer.side in started or answer.is_finished for answer in answers)
    return not have_begun or reaper.look_left(answers)


def _bars(counts: dict[str, int], kind: str, step: Step) -> list[Bar]:
    total = max(1, sum(counts.values()))
    return [
        Bar(
            choice,
            label,
            counts.get(choice, 0),
            round(100 * counts.get(choice, 0) / total, 1),
            is_right=kind == Kind.QUIZ and choice == str(step.right),
        )
        for choice, label in choices_of(kind, step).items()
    ]


def _bets(played: Round, step: Step) -> list[Bar]:
    counts = count_choices(played, Kind.BET)
    return _bars(counts, Kind.BET, step) if sum(counts.values()) else []


def _flow(played: Round, second: dict[str, int]) -> Flow | None:
    return draw_flow(count_choices(played, Kind.BLIND), second, count_moves(played))


def _clock(workshop: Workshop, scenario: Scenario, now: datetime) -> Clock:
    elapsed = now - workshop.started_at if workshop.started_at else timedelta()
    start = sum(step.minutes for step in scenario.steps[: scenario.index(workshop.step_id)])
    minutes = scenario.step(workshop.step_id).minutes
    return Clock(int(elapsed.total_seconds()) // SECONDS_PER_MINUTE, start, start + minutes)


def _timer_seconds(workshop: Workshop, now: datetime) -> int | None:
    """Seconds left, counted here: the clocks of devices may be wrong."""
    if workshop.timer_ends_at is None:
        return None
    return max(0, round((workshop.timer_ends_at - now).total_seconds()))


def proposals(workshop: Workshop) -> list[Proposal]:
    return list(Proposal.objects.filter(workshop=workshop, seat__removed_at=None).order_by("pk"))


def fingerprint(code: str) -> tuple[object, ...]:
    """Changes whenever a view may look different: cheap enough to be read every second."""
    workshop = Workshop.objects.filter(code=code).first()
    if workshop is None:
        return ()
    played, now = rounds.present_round(workshop), timezone.now()
    is_writing = played is not None and played.duel_id is not None and played.ready_at is None
    seats = Seat.objects.filter(workshop=workshop).aggregate(Sum("heads"), Count("removed_at"))
    return (
        workshop.version,
        workshop.ended_at,
        tuple(seats.values()),
        _clock(workshop, from_dict(workshop.scenario), now),
        played and (played.number, str(played.hands), played.ballots.count()),
        Proposal.objects.filter(workshop=workshop).count(),
        int(now.timestamp()) if is_writing else None,
    )
