"""The result of a duel as a page for people who never saw the site, and as a sheet of paper."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from duels.markdown import to_html
from duels.models import Answer, Duel, Turn
from duels.reveal import Reveal, reveal
from duels.reveal.labels import headline
from duels.sharing import print_layout


@dataclass(frozen=True, slots=True)
class ResultAnswer:
    """What one side wrote; `paper_html` where paper holds less than the screen."""

    side: str
    html: SafeString
    paper_html: SafeString
    shortfall: str

    @property
    def letter(self) -> str:
        return self.side.upper()


@dataclass(frozen=True, slots=True)
class ResultTurn:
    """One question and its answers; `paper_prompt` where paper holds less, `on_paper` where it holds any."""

    number: int
    prompt: str
    paper_prompt: str
    answers: list[ResultAnswer]
    on_paper: bool


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The page: no turns where its texts are not shown."""

    reveal: Reveal
    headline: str
    description: str
    turns: list[ResultTurn]
    is_cut: bool
    played_at: datetime


def build_result_page(duel: Duel, with_text: bool) -> ResultPage:
    """The result of a duel that was voted on."""
    told = reveal(duel)
    turns = _turns(duel) if with_text else []
    return ResultPage(
        reveal=told,
        headline=headline(told.ratio, [side.model.name for side in told.sides]),
        description=_description(told),
        turns=[text for text, _is_cut in turns],
        is_cut=any(is_cut for _text, is_cut in turns),
        played_at=duel.created_at,
    )


def _description(told: Reveal) -> str:
    """One sentence for who sees no more than the link."""
    sentence = _("À l’aveugle, le vote : %(choice)s. Deux IA, une question, et ce que chacune a consommé.")
    return sentence % {"choice": told.choice_label}


def _turns(duel: Duel) -> list[tuple[ResultTurn, bool]]:
    """Every turn, and whether paper has room for less than all of it."""
    found, room = [], float(print_layout.SHEET_LINES)
    for turn in duel.turns.all():
        text, is_cut, lines = _turn_text(turn, room)
        found.append((text, is_cut))
        room -= lines
    return found


def _turn_text(turn: Turn, room: float) -> tuple[ResultTurn, bool, float]:
    """The turn, whether it is cut on paper, and the lines it takes there."""
    answers = list(turn.answers.all())
    prompt = print_layout.fit(turn.prompt, min(print_layout.PROMPT_LINES, room), print_layout.PROMPT_COLUMNS)
    left = room - prompt.lines - print_layout.TURN_LINES
    on_paper = left >= print_layout.FEWEST_LINES
    fitted = [print_layout.fit(answer.text, max(left, 0), print_layout.ANSWER_COLUMNS) for answer in answers]
    text = ResultTurn(
        number=turn.number,
        prompt=turn.prompt,
        paper_prompt=prompt.text if prompt.is_cut else "",
        answers=[_answer_text(answer, part) for answer, part in zip(answers, fitted, strict=True)],
        on_paper=on_paper,
    )
    is_cut = prompt.is_cut or any(part.is_cut for part in fitted) or not on_paper
    return text, is_cut, prompt.lines + print_layout.TURN_LINES + max(part.lines for part in fitted)


def _answer_text(answer: Answer, on_paper: print_layout.Fitted) -> ResultAnswer:
    return ResultAnswer(
        side=answer.side,
        html=_safe(answer.text),
        paper_html=_safe(on_paper.text) if on_paper.is_cut else SafeString(""),
        shortfall=answer.shortfall,
    )


def _safe(markdown: str) -> SafeString:
    return mark_safe(to_html(markdown))  # sanitised by nh3 inside to_html
