"""What the pages show of a duel. Before the vote, nothing here knows which model answers."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from duels.ballot_forms import (
    GuessView,
    PlacedGuess,
    SecondVoteView,
    guess_view,
    placed_guess,
    second_vote_view,
)
from duels.lifecycle import can_continue
from duels.markdown import to_html
from duels.models import MAX_TURNS, NEGATIVE_REASONS, POSITIVE_REASONS, Answer, Duel, Reaction, Turn
from duels.pages.forms import AskForm, VoteForm
from duels.reveal import Reveal, RevealOptions, reveal
from duels.sharing.links import ShareView, share_view
from duels.voting import can_vote
from web.formatting import label_value

Choices = list[tuple[str, str]]  # a value and its label


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer, without a word on who wrote it."""

    side: str
    state: str
    stopped: bool
    html: SafeString
    text: str
    reasoning: str
    shortfall: str
    can_retry: bool
    reaction: Reaction | None

    @property
    def letter(self) -> str:
        return self.side.upper()

    @property
    def state_label(self) -> str:
        """The state in a word; js/answer.js takes the same ones from the attributes of the card."""
        if self.stopped:
            return _("arrêté")
        labels = {
            Answer.State.STREAMING: _("écrit…"),
            Answer.State.DONE: _("terminé"),
            Answer.State.FAILED: _("a échoué"),
        }
        return labels.get(Answer.State(self.state), _("en attente"))

    @property
    def is_blank(self) -> bool:
        """Whether it is as every answer begins: nothing of it is its own."""
        is_live = self.state in (Answer.State.WAITING, Answer.State.STREAMING)
        return is_live and not (self.text or self.reasoning or self.reaction)

    @property
    def reasons(self) -> Choices:
        """Those that fit its reaction."""
        is_liked = self.reaction is not None and self.reaction.liking == Reaction.Liking.LIKE
        fitting = POSITIVE_REASONS if is_liked else NEGATIVE_REASONS
        return [(reason.value, str(reason.label)) for reason in fitting]


@dataclass(frozen=True, slots=True)
class TurnView:
    """One turn, but for its prompt; is_live until both answers have ended."""

    number: int
    is_long: bool
    is_live: bool
    sides: tuple[AnswerView, ...]

    @property
    def is_blank(self) -> bool:
        return all(card.is_blank for card in self.sides)


@dataclass(frozen=True, slots=True)
class NextStep:
    """What stands below the answers: wait, vote, try again, or the reveal. failed_sides: their letters.

    coming: of a foot that waits, the one that follows when both answers come to their end.
    """

    kind: str
    coming: "NextStep | None" = None
    failed_sides: tuple[str, ...] = ()
    may_ask: bool = False
    ask_closed_sentence: str = ""
    bet: PlacedGuess | None = None
    refused_vote: VoteForm | None = None
    refused_ask: AskForm | None = None
    reveal: Reveal | None = None
    second_vote: SecondVoteView | None = None
    share: ShareView | None = None

    @property
    def is_shared(self) -> bool:
        """Whether it says the same to everybody: it tells no models, and gives back nothing that was sent."""
        return not (self.reveal or self.refused_vote or self.refused_ask)

    @property
    def vote_form(self) -> VoteForm:
        return self.refused_vote or VoteForm()

    @property
    def ask_form(self) -> AskForm | None:
        return (self.refused_ask or AskForm()) if self.may_ask else None

    @property
    def guess(self) -> GuessView:
        return guess_view(self.bet)


@dataclass(frozen=True, slots=True)
class DuelListItem:
    """A duel in the list of the visitor's own; models_label is empty before the vote."""

    url: str
    delete_url: str
    prompt: str
    created_at: datetime
    status_label: str
    models_label: str


def duel_list_item(duel: Duel) -> DuelListItem:
    """One line of « Mes duels »."""
    return DuelListItem(
        url=duel.get_absolute_url(),
        delete_url=reverse("duels:delete", args=[duel.code]),
        prompt=duel.turns.all()[0].prompt,
        created_at=duel.created_at,
        status_label=_status(duel),
        models_label=_models(duel) if duel.is_revealed else "",
    )


def _status(duel: Duel) -> str:
    if duel.is_revealed:
        return _("votre vote : %(choice)s") % {"choice": duel.vote.get_choice_display()}
    return _("à vous de voter") if duel.last_turn.is_finished else _("en cours")


def _models(duel: Duel) -> str:
    return " · ".join(
        label_value(answer.side.upper(), answer.model.name) for answer in duel.last_turn.answers.all()
    )


def title(duel: Duel) -> str:
    """What the duel is called in the tab of a browser."""
    return Truncator(duel.turns.all()[0].prompt).chars(60)


def turn_views(duel: Duel) -> list[tuple[TurnView, dict[str, str]]]:
    """Every turn of a duel, oldest first, and its prompt: whole, and the beginning of a long one."""
    return [(_turn_card(duel, turn), _asked(turn.prompt)) for turn in duel.turns.all()]


def _turn_card(duel: Duel, turn: Turn) -> TurnView:
    sides = tuple(answer_view(duel, turn, answer) for answer in turn.answers.all())
    return TurnView(turn.number, _is_long(turn.prompt), not turn.is_finished, sides)


def _asked(prompt: str) -> dict[str, str]:
    return {"prompt": prompt, "excerpt": Truncator(prompt).chars(300) if _is_long(prompt) else ""}


def _is_long(prompt: str) -> bool:
    """Whether it is folded, so that the answers are seen."""
    return len(prompt) > 600


def answer_view(duel: Duel, turn: Turn, answer: Answer) -> AnswerView:
    """One answer as its card shows it."""
    is_newest = turn == duel.last_turn
    return AnswerView(
        side=answer.side,
        state=answer.state,
        stopped=answer.stopped,
        html=mark_safe(to_html(answer.text)),  # sanitised by nh3 inside to_html
        text=answer.text,
        reasoning=answer.reasoning,
        shortfall=answer.shortfall,
        can_retry=_can_retry(answer) and is_newest and not duel.is_revealed,
        reaction=answer.reaction_or_none(),
    )


def next_step(
    duel: Duel,
    refused_vote: VoteForm | None = None,
    refused_ask: AskForm | None = None,
    reading: RevealOptions | None = None,
) -> NextStep:
    """The foot that fits the state of the duel; forms that were refused come back as they were sent."""
    if duel.is_revealed:
        second, share = second_vote_view(duel), share_view(duel)
        return NextStep("reveal", reveal=reveal(duel, reading), second_vote=second, share=share)
    if not duel.last_turn.is_finished:
        return NextStep("streaming", coming=_vote_step(duel))
    failed_sides = tuple(answer.side.upper() for answer in duel.last_turn.answers.all() if _can_retry(answer))
    if not can_vote(answer for turn in duel.turns.all() for answer in turn.answers.all()):
        return NextStep("stuck", failed_sides=failed_sides)
    return replace(
        _vote_step(duel),
        failed_sides=failed_sides,
        may_ask=can_continue(duel),
        refused_vote=refused_vote,
        refused_ask=refused_ask,
    )


def _vote_step(duel: Duel) -> NextStep:
    """The one that most turns end with."""
    closed = _ask_closed(duel)
    return NextStep("vote", may_ask=not closed, ask_closed_sentence=closed, bet=placed_guess(duel))


def _can_retry(answer: Answer) -> bool:
    """A conversation that is too long for its model is so the second time, too."""
    return answer.state == Answer.State.FAILED and answer.failure != Answer.Failure.CONTEXT_FULL


def _ask_closed(duel: Duel) -> str:
    """Why no further prompt can be asked, or nothing when one can."""
    if duel.last_turn.number >= MAX_TURNS:
        return _("Ce duel a atteint ses %(count)d questions : à vous de voter.") % {"count": MAX_TURNS}
    failures = {answer.failure for answer in duel.last_turn.answers.all()}
    if Answer.Failure.CONTEXT_FULL in failures:
        return _("Un des modèles ne peut pas relire une conversation plus longue : à vous de voter.")
    return ""
