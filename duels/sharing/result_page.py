"""The result of a duel, as a link shows it and as it is printed."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from duels.answers.answer_html import answer_html
from duels.models import Answer, Duel, Turn
from duels.reveal import Reveal, reveal
from duels.reveal.ratio_labels import headline


@dataclass(frozen=True, slots=True)
class ResultAnswer:
    side: str
    model_name: str
    html: SafeString
    shortfall: str

    @property
    def letter(self) -> str:
        return self.side.upper()


@dataclass(frozen=True, slots=True)
class ResultTurn:
    number: int
    prompt: str
    answers: list[ResultAnswer]


@dataclass(frozen=True, slots=True)
class ResultPage:
    """turns is empty where the texts are not shown; description is for the link's preview."""

    reveal: Reveal
    headline: str
    description: str
    turns: list[ResultTurn]
    played_at: datetime


def build_result_page(duel: Duel, with_text: bool) -> ResultPage:
    """The result of a duel that was voted on."""
    revealed = reveal(duel)
    sentence = _("À l’aveugle, le vote : %(choice)s. Deux IA, une question, et ce que chacune a consommé.")
    return ResultPage(
        reveal=revealed,
        headline=headline(revealed.ratio, [side.model.name for side in revealed.sides]),
        description=sentence % {"choice": revealed.choice_label},
        turns=[_result_turn(turn) for turn in duel.turns.all()] if with_text else [],
        played_at=duel.created_at,
    )


def _result_turn(turn: Turn) -> ResultTurn:
    return ResultTurn(turn.number, turn.prompt, [_result_answer(answer) for answer in turn.answers.all()])


def _result_answer(answer: Answer) -> ResultAnswer:
    return ResultAnswer(answer.side, answer.model.name, answer_html(answer), answer.shortfall)
