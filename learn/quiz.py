"""Five questions drawn from the registry: « laquelle consomme le plus ? », each with its why."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from duels.reveal.labels import format_2_digits, headline
from learn.energy_equation import Equation
from models_registry.pages.catalogue import CatalogueEntry
from models_registry.pages.energy import USUAL_ANSWER_TOKENS
from science.energy import Architecture, Estimate, Ratio, Verdict, estimate, ratio
from web.formatting import billions, format_int

CLEAR_ABOVE = 3.0  # a question has one good answer: far above the factor 2 that tells two energies apart,
CLOSE_BELOW = 1.5  # or well below it
MAX_TRIES = 400
SEED_LETTERS = "bcdfghjkmnpqrstvwxz"
SEED_LENGTH = 5
MAX_SEED_LENGTH = 20
CHOICES = {
    "a": gettext_lazy("La réponse A"),
    "b": gettext_lazy("La réponse B"),
    "s": gettext_lazy("À peu près autant"),
}
VERDICTS = {Verdict.FIRST_MORE: "a", Verdict.SECOND_MORE: "b", Verdict.SAME_ORDER: "s"}


@dataclass(frozen=True, slots=True)
class Question:
    """Two answers, which of them consumes more, and why."""

    sides: tuple[Equation, Equation]
    ratio: Ratio
    why: str

    @property
    def right(self) -> str:
        """The letter of the right choice."""
        return VERDICTS[self.ratio.verdict]

    @property
    def right_label(self) -> str:
        return str(CHOICES[self.right])

    @property
    def captions(self) -> list[tuple[str, Equation, str]]:
        """Each side's letter, its equation, and what is told of it before one chooses."""
        return [
            (letter, side, side_caption(side.estimate)) for letter, side in zip("AB", self.sides, strict=True)
        ]

    @property
    def verdict_label(self) -> str:
        return headline(self.ratio)


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question with the choice that was made."""

    number: int
    question: Question
    choice: str

    @property
    def is_right(self) -> bool:
        return self.choice == self.question.right


@dataclass(frozen=True, slots=True)
class QuizRound:
    """A game under way: what was answered, what comes next, and the addresses that lead on."""

    seed: str
    choices: str
    count: int
    answered: list[AnsweredQuestion]
    next: Question | None

    @property
    def number(self) -> int:
        """The number of the question to answer."""
        return len(self.answered) + 1

    @property
    def score(self) -> int:
        return sum(one.is_right for one in self.answered)

    @property
    def last(self) -> AnsweredQuestion | None:
        return self.answered[-1] if self.answered else None

    @property
    def is_over(self) -> bool:
        return self.next is None

    @property
    def offers(self) -> list[tuple[str, str]]:
        """Each choice of the next question: what the address becomes, and its words."""
        return [(self.choices + letter, str(label)) for letter, label in CHOICES.items()]


QuestionMaker = Callable[[Random, Sequence[CatalogueEntry]], Question | None]


def pick_questions(every: Sequence[CatalogueEntry], seed: str) -> list[Question]:
    """The questions of a seed: always the same for the same registry; one that finds no pair is left out."""
    lots = Random(seed)
    known = [entry for entry in every if entry.disclosed]
    made = (_first_clear_question(make, lots, known) for make in QUESTION_MAKERS)
    return [question for question in made if question]


def play_round(every: Sequence[CatalogueEntry], seed: str, choices: str) -> QuizRound:
    """The game of a seed after these choices; letters that are no choice are left out."""
    questions = pick_questions(every, seed)
    made = [letter for letter in choices if letter in CHOICES][: len(questions)]
    answered = [
        AnsweredQuestion(number, question, letter)
        for number, (question, letter) in enumerate(zip(questions, made, strict=False), start=1)
    ]
    following = questions[len(made)] if len(made) < len(questions) else None
    return QuizRound(seed, "".join(made), len(questions), answered, following)


def is_seed(word: str) -> bool:
    """Whether a word may name a draw."""
    return 0 < len(word) <= MAX_SEED_LENGTH and word.isascii() and word.isalnum()


def new_seed(lots: Random) -> str:
    """A short word to name a draw."""
    return "".join(lots.choices(SEED_LETTERS, k=SEED_LENGTH))


def _first_clear_question(
    make: QuestionMaker, lots: Random, known: Sequence[CatalogueEntry]
) -> Question | None:
    tried: Iterator[Question | None] = (make(lots, known) for _ in range(MAX_TRIES))
    return next((question for question in tried if question and _is_clear(question.ratio)), None)


def _is_clear(proportion: Ratio) -> bool:
    return proportion.factor >= CLEAR_ABOVE or proportion.factor <= CLOSE_BELOW


def _question(lots: Random, first: Equation, second: Equation, why: str) -> Question:
    """Both sides in an order drawn by lot."""
    sides = (first, second) if lots.random() < 0.5 else (second, first)
    return Question(sides, ratio(sides[0].estimate, sides[1].estimate), why)


def _answer_equation(entry: CatalogueEntry, tokens: int, reasoning_tokens: int = 0) -> Equation:
    return Equation(entry.model.name, estimate(entry.shape, tokens, reasoning_tokens=reasoning_tokens))


def _sample(lots: Random, entries: Sequence[CatalogueEntry], count: int) -> list[CatalogueEntry] | None:
    return lots.sample(list(entries), count) if len(entries) >= count else None


def _with_architecture(known: Sequence[CatalogueEntry], architecture: Architecture) -> list[CatalogueEntry]:
    return [entry for entry in known if entry.shape.architecture is architecture]


def _small_and_large(
    lots: Random, known: Sequence[CatalogueEntry]
) -> tuple[CatalogueEntry, CatalogueEntry] | None:
    """Two dense models, one at least twice the other; None when the lots fall otherwise."""
    picked = _sample(lots, _with_architecture(known, Architecture.DENSE), 2)
    if picked is None:
        return None
    small, large = sorted(picked, key=lambda entry: entry.size_b)
    return (small, large) if large.size_b >= 2 * small.size_b else None


def _by_size(lots: Random, known: Sequence[CatalogueEntry]) -> Question | None:
    """A large dense model and a small one, for the same length."""
    pair = _small_and_large(lots, known)
    if pair is None:
        return None
    small, large = pair
    why = _(
        "La longueur est la même, mais %(large)s a %(factor)s fois plus de paramètres que %(small)s : "
        "la machine a plus à relire et à calculer pour chaque jeton."
    ) % {
        "large": large.model.name,
        "small": small.model.name,
        "factor": format_2_digits(large.size_b / small.size_b),
    }
    return _question(
        lots, _answer_equation(large, USUAL_ANSWER_TOKENS), _answer_equation(small, USUAL_ANSWER_TOKENS), why
    )


def _by_length(lots: Random, known: Sequence[CatalogueEntry]) -> Question | None:
    """One model, a short answer and a long one."""
    picked = _sample(lots, known, 1)
    if picked is None:
        return None
    short, factor = 10 * lots.randint(8, 30), lots.randint(4, 9)
    why = _(
        "C’est le même modèle. Il refait le même travail à chaque jeton : %(factor)s fois plus de jetons, "
        "%(factor)s fois plus d’énergie."
    ) % {"factor": factor}
    return _question(
        lots, _answer_equation(picked[0], short * factor), _answer_equation(picked[0], short), why
    )


def _length_against_size(lots: Random, known: Sequence[CatalogueEntry]) -> Question | None:
    """A small model that writes much, a large one that writes little."""
    pair = _small_and_large(lots, known)
    if pair is None:
        return None
    small, large = pair
    short, factor = 10 * lots.randint(5, 12), lots.randint(8, 25)
    told = {
        "small": small.model.name,
        "large": large.model.name,
        "lighter": format_2_digits(large.size_b / small.size_b),
        "longer": factor,
    }
    why = _(
        "%(small)s a %(lighter)s fois moins de paramètres que %(large)s, mais il écrit %(longer)s fois plus. "
        "La taille et la longueur se multiplient : il faut regarder les deux."
    )
    return _question(
        lots, _answer_equation(small, short * factor), _answer_equation(large, short), why % told
    )


def _by_experts(lots: Random, known: Sequence[CatalogueEntry]) -> Question | None:
    """A mixture of experts and a dense model of fewer parameters, for the same length."""
    mixtures, dense = (
        _with_architecture(known, Architecture.MIXTURE_OF_EXPERTS),
        _with_architecture(known, Architecture.DENSE),
    )
    picked = (_sample(lots, mixtures, 1), _sample(lots, dense, 1))
    if picked[0] is None or picked[1] is None:
        return None
    mixture, other = picked[0][0], picked[1][0]
    if not 1 <= mixture.size_b / other.size_b <= 4:
        return None
    pair = _answer_equation(mixture, USUAL_ANSWER_TOKENS), _answer_equation(other, USUAL_ANSWER_TOKENS)
    return _question(lots, *pair, _explain_experts(mixture, other, ratio(pair[0].estimate, pair[1].estimate)))


def _explain_experts(mixture: CatalogueEntry, other: CatalogueEntry, proportion: Ratio) -> str:
    told = {
        "mixture": mixture.model.name,
        "total": billions(mixture.size_b),
        "active": billions(mixture.shape.active_params_b or mixture.size_b),
        "dense": other.model.name,
        "size": billions(other.size_b),
    }
    facts = _(
        "%(mixture)s a %(total)s de paramètres et n’en fait calculer que %(active)s par jeton ; "
        "%(dense)s fait calculer tous les siens, %(size)s."
    )
    ending = {
        Verdict.SAME_ORDER: _("Ce qu’il gagne en calcul, il le perd en mémoire à relire et à occuper."),
        Verdict.FIRST_MORE: _(
            "Mais ses experts occupent la mémoire, et une foule les fait presque tous lire."
        ),
        Verdict.SECOND_MORE: _(
            "Calculer moins, ou relire des poids plus légers, suffit ici à faire l’écart."
        ),
    }
    return f"{facts % told} {ending[proportion.verdict]}"


def _by_reasoning(lots: Random, known: Sequence[CatalogueEntry]) -> Question | None:
    """A model that reasons: with its reasoning, and as if it had answered at once."""
    picked = _sample(lots, [entry for entry in known if entry.model.reasoning], 1)
    if picked is None:
        return None
    written, hidden = 10 * lots.randint(15, 40), 100 * lots.randint(12, 40)
    why = ngettext(
        "On lit autant de mots des deux côtés. Mais %(hidden)s jeton de réflexion a été écrit avant.",
        "On lit autant de mots des deux côtés. Mais %(hidden)s jetons de réflexion ont été écrits avant, "
        "et ils consomment comme les autres.",
        hidden,
    ) % {"hidden": format_int(hidden)}
    return _question(
        lots, _answer_equation(picked[0], written, hidden), _answer_equation(picked[0], written), why
    )


QUESTION_MAKERS: tuple[QuestionMaker, ...] = (
    _by_size,
    _by_length,
    _by_experts,
    _length_against_size,
    _by_reasoning,
)


def side_caption(energy: Estimate) -> str:
    """What one is told of a side before choosing: what it wrote, and what it thought first."""
    if energy.reasoning_tokens:
        return _("écrit %(tokens)s jetons, après %(hidden)s jetons de réflexion") % {
            "tokens": format_int(energy.tokens_out),
            "hidden": format_int(energy.reasoning_tokens),
        }
    return _("écrit %(tokens)s jetons") % {"tokens": format_int(energy.tokens_out)}
