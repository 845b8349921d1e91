"""What the page of a duel shows before the vote. Nothing here knows which model answers."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from duels.forms import AskForm, VoteForm
from duels.markdown import to_html
from duels.models import MAX_TURNS, NEGATIVE_REASONS, POSITIVE_REASONS, Answer, Duel, Reaction, Reason, Turn
from duels.play import may_go_on
from duels.reveal import Reveal, reveal
from duels.voting import may_vote


@dataclass(frozen=True, slots=True)
class AnswerCard:
    """One answer, without a word on who wrote it."""

    side: str
    state: str
    state_label: str
    stopped: bool
    html: SafeString
    text: str
    reasoning: str
    failure_sentence: str
    can_retry: bool
    reaction: Reaction | None
    reaction_url: str
    reasons_positive: tuple[Reason, ...] = POSITIVE_REASONS
    reasons_negative: tuple[Reason, ...] = NEGATIVE_REASONS

    @property
    def letter(self) -> str:
        return self.side.upper()


@dataclass(frozen=True, slots=True)
class TurnCard:
    """One prompt with its two answers; stream_url is None once both have ended."""

    number: int
    prompt: str
    stream_url: str | None
    sides: list[AnswerCard]


@dataclass(frozen=True, slots=True)
class Foot:
    """What stands below the answers: wait, vote, try again, or the reveal."""

    kind: str
    failed_sides: list[str]
    vote_form: VoteForm | None = None
    ask_form: AskForm | None = None
    ask_closed_sentence: str = ""
    reveal: Reveal | None = None


def turn_cards(duel: Duel) -> list[TurnCard]:
    """Every turn of a duel, oldest first."""
    return [_turn_card(duel, turn) for turn in duel.turns.all()]


def _turn_card(duel: Duel, turn: Turn) -> TurnCard:
    stream_url = None if turn.is_finished else reverse("duels:stream", args=[duel.code, turn.number])
    sides = [answer_card(duel, turn, answer) for answer in turn.answers.all()]
    return TurnCard(turn.number, turn.prompt, stream_url, sides)


def answer_card(duel: Duel, turn: Turn, answer: Answer) -> AnswerCard:
    """One answer as its card shows it."""
    is_newest = turn == duel.last_turn
    return AnswerCard(
        side=answer.side,
        state=answer.state,
        state_label=_("arrêté") if answer.stopped else str(Answer.State(answer.state).label),
        stopped=answer.stopped,
        html=mark_safe(to_html(answer.text)),  # sanitised by nh3 inside to_html
        text=answer.text,
        reasoning=answer.reasoning,
        failure_sentence=str(Answer.Failure(answer.failure).label) if answer.failure else "",
        can_retry=answer.state == Answer.State.FAILED and is_newest and not duel.is_revealed,
        reaction=answer.reaction_or_none(),
        reaction_url=reverse("duels:react", args=[duel.code, turn.number, answer.side]),
    )


def foot(duel: Duel, vote_form: VoteForm | None = None, ask_form: AskForm | None = None) -> Foot:
    """The foot that fits the state of the duel; forms that were refused come back as they were sent."""
    answers = list(duel.last_turn.answers.all())
    failed_sides = [answer.side for answer in answers if answer.state == Answer.State.FAILED]
    if duel.is_revealed:
        return Foot("reveal", [], reveal=reveal(duel))
    if not duel.last_turn.is_finished:
        return Foot("streaming", failed_sides)
    if not may_vote(duel):
        return Foot("stuck", failed_sides)
    return Foot(
        "vote",
        failed_sides,
        vote_form=vote_form or VoteForm(),
        ask_form=(ask_form or AskForm()) if may_go_on(duel) else None,
        ask_closed_sentence=_ask_closed(duel),
    )


def _ask_closed(duel: Duel) -> str:
    """Why no further prompt can be asked, or nothing when one can."""
    if duel.last_turn.number >= MAX_TURNS:
        return _("Ce duel a atteint ses %(count)d questions : à vous de voter.") % {"count": MAX_TURNS}
    failures = {answer.failure for answer in duel.last_turn.answers.all()}
    if Answer.Failure.CONTEXT_FULL in failures:
        return _("Un des modèles ne peut pas relire une conversation plus longue : à vous de voter.")
    return ""
