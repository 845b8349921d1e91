"""The commands of the console: each is one transition, which only the first of two consoles makes.

A command carries the version that its console showed. A conditional UPDATE moves the workshop from that
version to the next; whoever changes no row has been overtaken, and sees the new state.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import redis
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from duels import valkey
from duels.models import MAX_PROMPT_CHARACTERS
from duels.relay.redis_stream import Event, append
from duels.votes.vote_counting import Voter
from workshops import phases, rounds
from workshops.ballot_box import UnknownChoice, raise_hands
from workshops.models import Proposal, Round, Seat, Workshop
from workshops.phases import Position
from workshops.rounds import RoundRefused
from workshops.scenario import DEFAULT_TIMER_SECONDS, PAIRS, Scenario, from_dict

logger = logging.getLogger(__name__)
Sent = Mapping[str, str]


class Overtaken(Exception):
    """Another console, or the same one in a double press, was faster."""


@dataclass(frozen=True, slots=True)
class Context:
    """The workshop, its scenario, its round, the fields sent with the command, and who sends it."""

    workshop: Workshop
    scenario: Scenario
    round: Round | None
    sent: Sent
    voter: Voter

    @property
    def position(self) -> Position:
        return Position(self.workshop.step_id, self.workshop.phase)

    @property
    def was_revealed(self) -> bool:
        return bool(self.round and self.round.revealed_at)


def stream_key(code: str) -> str:
    """The key of the Redis Stream that tells web processes of a change."""
    return f"workshop:{code}"


def announce(code: str) -> None:
    """Tell every web process that the state has changed; without Valkey, they look within a second or two."""
    try:
        append(valkey.client(), stream_key(code), [Event("changed")])
    except redis.RedisError as error:
        logger.warning("a change of a workshop is not announced: %s", type(error).__name__)


@transaction.atomic
def create_workshop(scenario: Scenario, facilitator: str, *, in_open_data: bool) -> Workshop:
    """A workshop at the beginning of its scenario; facilitator: the hash of the token of its secret link."""
    first = phases.start_of(scenario, 0)
    workshop = Workshop.objects.create(
        facilitator=facilitator,
        scenario=scenario.as_dict(),
        step_id=first.step_id,
        phase=first.phase,
        in_open_data=in_open_data,
    )
    rounds.open_quiz(workshop)
    return workshop


def run(workshop: Workshop, name: str, version: int, sent: Sent, voter: Voter) -> None:
    """Run a command. Raises Overtaken, RoundRefused, UnknownChoice; an unknown name is an UnknownChoice.

    voter: whom the vote of the room is charged to, as any vote is.
    """
    if workshop.ended_at or workshop.version != version:
        raise Overtaken
    context = Context(workshop, from_dict(workshop.scenario), rounds.present_round(workshop), sent, voter)
    if name not in COMMANDS:
        raise UnknownChoice
    COMMANDS[name](context)
    announce(workshop.code)


def change(workshop: Workshop, **values: Any) -> None:
    """One conditional UPDATE from the version that was read. Raises Overtaken."""
    now = timezone.now()
    values |= {"version": workshop.version + 1, "active_at": now}
    if workshop.started_at is None:
        values.setdefault("started_at", now)
    if not Workshop.objects.filter(pk=workshop.pk, version=workshop.version).update(**values):
        raise Overtaken
    for field, value in values.items():
        setattr(workshop, field, value)


def move(context: Context, to: Position) -> None:
    """Go to a position; the first time that names are shown, the reveal is recorded with it."""
    workshop = context.workshop
    with transaction.atomic():
        change(workshop, step_id=to.step_id, phase=to.phase, timer_ends_at=None)
        if to.is_revealed and context.round and context.round.step_id == to.step_id:
            rounds.reveal_round(workshop, context.round, context.voter)
        rounds.open_quiz(workshop)


def go_next(context: Context) -> None:
    now = context.position
    if now.phase == "prompt":
        ask(context)
        return
    if now.phase == "answers" and not _can_vote(context):
        raise RoundRefused(_("Les deux réponses ne sont pas encore là."))
    move(context, phases.next_position(context.scenario, now, was_revealed=context.was_revealed))


def _can_vote(context: Context) -> bool:
    return context.round is not None and rounds.is_playable(rounds.answers_of(context.round))


def go_back(context: Context) -> None:
    index = context.scenario.index(context.workshop.step_id)
    before = context.scenario.steps[max(index - 1, 0)]
    has_round = context.workshop.rounds.filter(step_id=before.id, replaced_at=None).exclude(revealed_at=None)
    to = phases.previous_position(
        context.scenario, context.position, has_round=has_round.exists(), was_revealed=context.was_revealed
    )
    move(context, to)


def next_step(context: Context) -> None:
    index = context.scenario.index(context.workshop.step_id)
    move(context, phases.start_of(context.scenario, index + 1))


def toggle_vote(context: Context) -> None:
    if context.position.phase == "answers" and not _can_vote(context):
        raise RoundRefused(_("Les deux réponses ne sont pas encore là."))
    move(context, phases.toggled_vote(context.position, was_revealed=context.was_revealed))


def show_results(context: Context) -> None:
    move(context, phases.with_results(context.position))


def cover(context: Context) -> None:
    """Put the names back under cover."""
    if context.position.is_revealed:
        move(context, Position(context.workshop.step_id, phases.UNCOVERED))


def toggle_timer(context: Context) -> None:
    if context.workshop.timer_ends_at:
        change(context.workshop, timer_ends_at=None)
        return
    ends_at = timezone.now() + timedelta(seconds=DEFAULT_TIMER_SECONDS)
    change(context.workshop, timer_ends_at=ends_at)


def ask(context: Context) -> None:
    """Send the question to two models: the one typed, else that of the scenario; or show a recorded duel."""
    step = context.scenario.step(context.workshop.step_id)
    if step.kind != "duel" or context.position.phase != "prompt":
        raise Overtaken
    if step.recording:
        with transaction.atomic():
            change(context.workshop, phase="answers", timer_ends_at=None)
            rounds.open_recorded_round(context.workshop, step.recording)
        return
    typed = context.sent.get("prompt", "").replace("\r\n", "\n").replace("\x00", "").strip()
    prompt = (typed or step.question)[:MAX_PROMPT_CHARACTERS]
    if not prompt:
        raise RoundRefused(_("Écrivez une question d’abord."))
    pair = context.sent.get("pair") or step.pair
    _open(context, prompt, pair if pair in PAIRS else step.pair)


def another_pair(context: Context) -> None:
    """Ask the same question of two other models; the answers so far are stopped, their ballots set aside."""
    played = context.round
    if played is None or played.duel is None or played.duel.recorded_on or played.revealed_at:
        raise Overtaken
    answers = rounds.answers_of(played)
    prompt = answers[0].turn.prompt
    pair = "random" if played.pair in ("", "chosen") else played.pair
    _open(context, prompt, pair, frozenset(answer.model_id for answer in answers))
    rounds.stop_answers(played)


def _open(context: Context, prompt: str, pair: str, avoided: frozenset[int] = frozenset()) -> None:
    """Draw outside of the transaction, then move and open the duel within one."""
    slugs = [context.sent.get("first", ""), context.sent.get("second", "")]
    drawn = rounds.draw(pair, slugs, avoided)
    rounds.charge_limits(context.workshop)
    with transaction.atomic():
        change(context.workshop, phase="answers", timer_ends_at=None)
        if context.round:
            Round.objects.filter(pk=context.round.pk).update(replaced_at=timezone.now())
        rounds.open_round(context.workshop, prompt, drawn)


def new_question(context: Context) -> None:
    """Begin the duel of this step again, with a question to choose; the round so far stays in the debrief."""
    step = context.scenario.step(context.workshop.step_id)
    if step.kind == "duel":
        with transaction.atomic():
            change(context.workshop, phase="prompt", timer_ends_at=None)
            if context.round:
                Round.objects.filter(pk=context.round.pk).update(replaced_at=timezone.now())
        if context.round:
            rounds.stop_answers(context.round)


def stop(context: Context) -> None:
    if context.round:
        rounds.stop_answers(context.round)


def hands(context: Context) -> None:
    """Raised hands: `change` is added to a choice, or `to` set."""
    step = context.scenario.step(context.workshop.step_id)
    if context.round is None:
        raise Overtaken
    sent, to = context.sent, context.sent.get("to", "")
    step_up = {"+1": 1, "-1": -1, "+5": 5, "-5": -5}.get(sent.get("change", ""), 0)
    number = int(to) if to.isdecimal() and len(to) < 6 else None
    raise_hands(context.round, sent.get("kind", ""), sent.get("choice", ""), step, change=step_up, to=number)


def remove_proposal(context: Context) -> None:
    key = context.sent.get("proposal", "")
    Proposal.objects.filter(workshop=context.workshop, pk=int(key) if key.isdecimal() else 0).delete()


def remove_seat(context: Context) -> None:
    """Take a device out: its ballots no longer count."""
    number = context.sent.get("seat", "")
    seats = Seat.objects.filter(workshop=context.workshop, number=int(number) if number.isdecimal() else 0)
    seats.update(removed_at=timezone.now())
    change(context.workshop)


COMMANDS: dict[str, Callable[[Context], None]] = {
    "next": go_next,
    "back": go_back,
    "next_step": next_step,
    "vote": toggle_vote,
    "results": show_results,
    "cover": cover,
    "timer": toggle_timer,
    "ask": ask,
    "another_pair": another_pair,
    "new_question": new_question,
    "stop": stop,
    "hands": hands,
    "remove_proposal": remove_proposal,
    "remove_seat": remove_seat,
}
