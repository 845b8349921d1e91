"""The values that the templates of a duel show. Before the vote none of them names a model."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from duels.answers.answer_html import answer_html
from duels.lifecycle import can_continue
from duels.models import MAX_TURNS, Answer, Duel, Reaction, Turn
from duels.pages.forms import TurnForm, VoteForm
from duels.reveal import Alternatives, Reveal, RevealOptions, build_alternatives, reveal
from duels.sharing.links import ShareView, share_view
from duels.votes.ballot_forms import SecondVoteView, second_vote_view
from duels.votes.vote_reasons import Choices, VoteReasons, vote_reasons
from duels.votes.voting import can_vote
from web.formatting import label_value

FOLDED_FROM_CHARACTERS = 600  # a longer prompt is folded, so that the answers are in sight


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One answer; model_name and reasoning are empty before the vote.

    pace: of a recorded duel that is not voted on yet, [milliseconds, characters] of its text, as JSON.
    """

    side: str
    model_name: str
    state: str
    stopped: bool
    html: SafeString
    text: str
    reasoning: str
    shortfall: str
    can_retry: bool
    reaction: Reaction | None
    pace: str = ""

    @property
    def letter(self) -> str:
        return self.side.upper()

    @property
    def is_finished(self) -> bool:
        return self.state in (Answer.State.DONE, Answer.State.FAILED)

    @property
    def state_label(self) -> str:
        """The state in a word; js/answer.js takes the same words from attributes."""
        if self.stopped:
            return _("arrêté")
        labels = {
            Answer.State.STREAMING: _("écrit…"),
            Answer.State.DONE: _("terminé"),
            Answer.State.FAILED: _("a échoué"),
        }
        return labels.get(Answer.State(self.state), _("en attente"))

    @property
    def reasons(self) -> Choices:
        """Those that fit its reaction, on offer or given before; none without a reaction."""
        if self.reaction is None:
            return []
        is_liked = self.reaction.liking == Reaction.Liking.LIKE
        return vote_reasons().choices(self.reaction.reasons, is_positive=is_liked)


@dataclass(frozen=True, slots=True)
class TurnView:
    """One turn without its prompt; is_live until both answers have ended."""

    number: int
    is_long: bool
    is_live: bool
    sides: tuple[AnswerView, ...]


@dataclass(frozen=True, slots=True)
class NextStep:
    """The panel below the answers.

    state: streaming, vote, stuck or reveal; the template of streaming also holds the vote that follows.
    failed_sides: the letters that can be retried. no_turn_sentence: why no other prompt can be asked.
    reasons: those of the vote.
    """

    state: str
    failed_sides: tuple[str, ...] = ()
    can_add_turn: bool = False
    no_turn_sentence: str = ""
    reasons: VoteReasons = field(default_factory=vote_reasons)
    invalid_vote: VoteForm | None = None
    invalid_turn: TurnForm | None = None
    reveal: Reveal | None = None
    alternatives: Alternatives | None = None
    second_vote: SecondVoteView | None = None
    share: ShareView | None = None

    @property
    def vote_form(self) -> VoteForm:
        return self.invalid_vote or VoteForm(known_reasons=self.reasons)

    @property
    def turn_form(self) -> TurnForm | None:
        return (self.invalid_turn or TurnForm()) if self.can_add_turn else None


@dataclass(frozen=True, slots=True)
class DuelListItem:
    """A duel in « Mes duels »; models_label is empty before the vote."""

    url: str
    delete_url: str
    prompt: str
    created_at: datetime
    status_label: str
    models_label: str


def duel_list_item(duel: Duel) -> DuelListItem:
    return DuelListItem(
        url=duel.get_absolute_url(),
        delete_url=reverse("duels:delete", args=[duel.code]),
        prompt=duel.turns.all()[0].prompt,
        created_at=duel.created_at,
        status_label=_status_label(duel),
        models_label=_models_label(duel) if duel.is_revealed else "",
    )


def _status_label(duel: Duel) -> str:
    if duel.is_revealed:
        return _("votre vote : %(choice)s") % {"choice": duel.vote.get_choice_display()}
    return _("à vous de voter") if duel.last_turn.is_finished else _("en cours")


def _models_label(duel: Duel) -> str:
    return " · ".join(
        label_value(answer.side.upper(), answer.model.name) for answer in duel.last_turn.answers.all()
    )


def title(duel: Duel) -> str:
    """The beginning of the first prompt, for the tab of the browser."""
    return Truncator(duel.turns.all()[0].prompt).chars(60)


def present_turn(duel: Duel, turn: Turn) -> TurnView:
    sides = tuple(present_answer(duel, turn, answer) for answer in turn.answers.all())
    return TurnView(turn.number, _is_long(turn.prompt), not turn.is_finished, sides)


def excerpt(prompt: str) -> str:
    """The beginning of a folded prompt; empty for a short one."""
    return Truncator(prompt).chars(300) if _is_long(prompt) else ""


def _is_long(prompt: str) -> bool:
    return len(prompt) > FOLDED_FROM_CHARACTERS


def present_answer(duel: Duel, turn: Turn, answer: Answer) -> AnswerView:
    is_newest = turn == duel.last_turn
    return AnswerView(
        side=answer.side,
        model_name=answer.model.name if duel.is_revealed else "",
        state=answer.state,
        stopped=answer.stopped,
        html=answer_html(answer),
        text=answer.text,
        reasoning=answer.reasoning if duel.is_revealed else "",  # it may name its model
        shortfall=answer.shortfall,
        can_retry=_can_retry(answer) and is_newest and not duel.is_revealed,
        reaction=answer.reaction_or_none(),
        pace=pace_json(answer) if duel.recorded_on and not duel.is_revealed else "",
    )


def pace_json(answer: Answer) -> str:
    """The pace of its text for js/replay.js; empty where it is not known."""
    return json.dumps(answer.pace, separators=(",", ":")) if answer.pace else ""


def present_next_step(
    duel: Duel,
    invalid_vote: VoteForm | None = None,
    invalid_turn: TurnForm | None = None,
    options: RevealOptions | None = None,
) -> NextStep:
    """The panel for the state of the duel; invalid forms come back as they were sent."""
    if duel.is_revealed:
        revealed = reveal(duel, options)
        return NextStep(
            "reveal",
            reveal=revealed,
            alternatives=build_alternatives(revealed.sides, revealed.prompt),
            second_vote=second_vote_view(duel),
            share=share_view(duel),
        )
    sentence = _no_turn_sentence(duel)
    if not duel.last_turn.is_finished:
        return NextStep("streaming", can_add_turn=not sentence, no_turn_sentence=sentence)
    failed_sides = tuple(answer.side.upper() for answer in duel.last_turn.answers.all() if _can_retry(answer))
    if not can_vote(answer for turn in duel.turns.all() for answer in turn.answers.all()):
        return NextStep("stuck", failed_sides=failed_sides)
    return NextStep(
        "vote",
        failed_sides=failed_sides,
        can_add_turn=can_continue(duel),
        no_turn_sentence=sentence,
        invalid_vote=invalid_vote,
        invalid_turn=invalid_turn,
    )


def _can_retry(answer: Answer) -> bool:
    """A conversation too long for its model would fail again."""
    return answer.state == Answer.State.FAILED and answer.failure != Answer.Failure.CONTEXT_FULL


def _no_turn_sentence(duel: Duel) -> str:
    """Why no further prompt can be asked; empty when one can."""
    if duel.recorded_on:
        return _("Ce duel est enregistré : ses modèles ne sont plus là pour répondre. À vous de voter.")
    if duel.last_turn.number >= MAX_TURNS:
        return _("Ce duel a atteint ses %(count)d questions : à vous de voter.") % {"count": MAX_TURNS}
    failures = {answer.failure for answer in duel.last_turn.answers.all()}
    if Answer.Failure.CONTEXT_FULL in failures:
        return _("Un des modèles ne peut pas relire une conversation plus longue : à vous de voter.")
    return ""
