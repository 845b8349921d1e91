"""A quiz of five questions on the registry's models: which answer takes more energy, and why."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from duels.reveal.ratio_labels import format_2_digits, headline
from learn.energy_equation import Equation
from models_registry.pages.catalogue import CatalogueEntry
from models_registry.pages.energy import USUAL_ANSWER_TOKENS
from science.energy import Architecture, Estimate, Ratio, Verdict, estimate, ratio
from science.energy.ecologits_method import ECOLOGITS
from science.energy.physical_method import PHYSICAL_2026
from science.energy.physical_method_2 import PHYSICAL_2026_2
from web.formatting import billions, format_int

# A question has one good answer: by both versions of our method, its ratio is far from 2, the factor from
# which two energies differ.
CLEAR_ABOVE = 3.0
CLOSE_BELOW = 1.5
MAX_TRIES = 400
SEED_LETTERS = "bcdfghjkmnpqrstvwxz"
SEED_LENGTH = 5
MAX_SEED_LENGTH = 20
OUR_METHODS = (PHYSICAL_2026.name, PHYSICAL_2026_2.name)
CHOICES = {
    "a": gettext_lazy("La réponse A"),
    "b": gettext_lazy("La réponse B"),
    "s": gettext_lazy("À peu près autant"),
}
VERDICTS = {Verdict.FIRST_MORE: "a", Verdict.SECOND_MORE: "b", Verdict.SAME_ORDER: "s"}


@dataclass(frozen=True, slots=True)
class Question:
    """Two answers, their ratio of energies, and the explanation."""

    sides: tuple[Equation, Equation]
    ratio: Ratio
    why: str

    @property
    def right(self) -> str:
        """The key in CHOICES of the right answer."""
        return VERDICTS[self.ratio.verdict]

    @property
    def right_label(self) -> str:
        return str(CHOICES[self.right])

    @property
    def captions(self) -> list[tuple[str, Equation, str]]:
        """The letter of each side, its equation, and its caption before the answer."""
        return [
            (letter, side, side_caption(side.estimate)) for letter, side in zip("AB", self.sides, strict=True)
        ]

    @property
    def verdict_label(self) -> str:
        return headline(self.ratio)

    @property
    def other_label(self) -> str:
        """EcoLogits' answer, where it would give another answer; empty where it agrees."""
        theirs = ratio_by(ECOLOGITS.name, self.sides)
        return "" if theirs.verdict is self.ratio.verdict else headline(theirs)


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question with the choice of the player."""

    number: int
    question: Question
    choice: str

    @property
    def is_right(self) -> bool:
        return self.choice == self.question.right


@dataclass(frozen=True, slots=True)
class QuizRound:
    """The state of a game: the questions answered and the next one.

    count: the number of questions. choices: the letters chosen so far, one for each question answered.
    """

    seed: str
    choices: str
    count: int
    answered: list[AnsweredQuestion]
    next: Question | None

    @property
    def number(self) -> int:
        """The number of the next question, from 1."""
        return len(self.answered) + 1

    @property
    def score(self) -> int:
        return sum(each.is_right for each in self.answered)

    @property
    def last(self) -> AnsweredQuestion | None:
        return self.answered[-1] if self.answered else None

    @property
    def is_over(self) -> bool:
        return self.next is None

    @property
    def options(self) -> list[tuple[str, str]]:
        """The choices of the next question: the parameter `choices` after each, and its label."""
        return [(self.choices + letter, str(label)) for letter, label in CHOICES.items()]


QuestionMaker = Callable[[Random, Sequence[CatalogueEntry]], Question | None]


def pick_questions(entries: Sequence[CatalogueEntry], seed: str) -> list[Question]:
    """The questions of a seed, the same for the same registry; those that find no pair are left out."""
    rng = Random(seed)
    known = [entry for entry in entries if entry.disclosed]
    made = (_first_clear_question(make, rng, known) for make in QUESTION_MAKERS)
    return [question for question in made if question]


def play_round(entries: Sequence[CatalogueEntry], seed: str, choices: str) -> QuizRound:
    """The game of a seed after these choices; unknown letters are ignored."""
    questions = pick_questions(entries, seed)
    made = [letter for letter in choices if letter in CHOICES][: len(questions)]
    answered = [
        AnsweredQuestion(number, question, letter)
        for number, (question, letter) in enumerate(zip(questions, made, strict=False), start=1)
    ]
    following = questions[len(made)] if len(made) < len(questions) else None
    return QuizRound(seed, "".join(made), len(questions), answered, following)


def is_seed(text: str) -> bool:
    """Whether a parameter may be a seed."""
    return 0 < len(text) <= MAX_SEED_LENGTH and text.isascii() and text.isalnum()


def new_seed(rng: Random) -> str:
    return "".join(rng.choices(SEED_LETTERS, k=SEED_LENGTH))


def _first_clear_question(
    make: QuestionMaker, rng: Random, known: Sequence[CatalogueEntry]
) -> Question | None:
    tried: Iterator[Question | None] = (make(rng, known) for _ in range(MAX_TRIES))
    return next((question for question in tried if question and _is_clear(question)), None)


def _is_clear(question: Question) -> bool:
    """Whether both versions of our method give the same answer, far from the limit."""
    ratios = [ratio_by(method, question.sides) for method in OUR_METHODS]
    return all(
        each.verdict is question.ratio.verdict and (each.factor >= CLEAR_ABOVE or each.factor <= CLOSE_BELOW)
        for each in ratios
    )


def ratio_by(method: str, sides: tuple[Equation, Equation]) -> Ratio:
    """The ratio of two sides, estimated again by a method."""
    first, second = (
        estimate(energy.shape, energy.tokens_out, method, reasoning_tokens=energy.reasoning_tokens)
        for energy in (side.estimate for side in sides)
    )
    return ratio(first, second)


def _question(rng: Random, first: Equation, second: Equation, why: str) -> Question:
    """A question with its sides in random order."""
    sides = (first, second) if rng.random() < 0.5 else (second, first)
    return Question(sides, ratio(sides[0].estimate, sides[1].estimate), why)


def _answer_equation(entry: CatalogueEntry, tokens: int, reasoning_tokens: int = 0) -> Equation:
    return Equation(entry.model.name, estimate(entry.shape, tokens, reasoning_tokens=reasoning_tokens))


def _sample(rng: Random, entries: Sequence[CatalogueEntry], count: int) -> list[CatalogueEntry] | None:
    return rng.sample(list(entries), count) if len(entries) >= count else None


def _with_architecture(known: Sequence[CatalogueEntry], architecture: Architecture) -> list[CatalogueEntry]:
    return [entry for entry in known if entry.shape.architecture is architecture]


def _small_and_large(
    rng: Random, known: Sequence[CatalogueEntry]
) -> tuple[CatalogueEntry, CatalogueEntry] | None:
    """Two random dense models; None unless one is at least twice the other."""
    picked = _sample(rng, _with_architecture(known, Architecture.DENSE), 2)
    if picked is None:
        return None
    small, large = sorted(picked, key=lambda entry: entry.size_b)
    return (small, large) if large.size_b >= 2 * small.size_b else None


def _by_size(rng: Random, known: Sequence[CatalogueEntry]) -> Question | None:
    """A large dense model and a small one, for the same length."""
    pair = _small_and_large(rng, known)
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
        rng, _answer_equation(large, USUAL_ANSWER_TOKENS), _answer_equation(small, USUAL_ANSWER_TOKENS), why
    )


def _by_length(rng: Random, known: Sequence[CatalogueEntry]) -> Question | None:
    """One model, a short answer and a long one."""
    picked = _sample(rng, known, 1)
    if picked is None:
        return None
    short, factor = 10 * rng.randint(8, 30), rng.randint(4, 9)
    why = _(
        "C’est le même modèle. Il refait presque le même travail à chaque jeton : %(factor)s fois plus de "
        "jetons, environ %(factor)s fois plus d’énergie, et un peu plus si la réponse est très longue."
    ) % {"factor": factor}
    return _question(
        rng, _answer_equation(picked[0], short * factor), _answer_equation(picked[0], short), why
    )


def _length_against_size(rng: Random, known: Sequence[CatalogueEntry]) -> Question | None:
    """A small model with a long answer, a large one with a short answer."""
    pair = _small_and_large(rng, known)
    if pair is None:
        return None
    small, large = pair
    short, factor = 10 * rng.randint(5, 12), rng.randint(8, 25)
    values = {
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
        rng, _answer_equation(small, short * factor), _answer_equation(large, short), why % values
    )


def _by_experts(rng: Random, known: Sequence[CatalogueEntry]) -> Question | None:
    """A mixture of experts and a dense model of fewer parameters, for the same length."""
    mixtures = _sample(rng, _with_architecture(known, Architecture.MIXTURE_OF_EXPERTS), 1)
    dense = _sample(rng, _with_architecture(known, Architecture.DENSE), 1)
    if mixtures is None or dense is None:
        return None
    mixture, other = mixtures[0], dense[0]
    if not 1 <= mixture.size_b / other.size_b <= 4:
        return None
    pair = _answer_equation(mixture, USUAL_ANSWER_TOKENS), _answer_equation(other, USUAL_ANSWER_TOKENS)
    return _question(rng, *pair, _explain_experts(mixture, other, ratio(pair[0].estimate, pair[1].estimate)))


def _explain_experts(mixture: CatalogueEntry, other: CatalogueEntry, energy_ratio: Ratio) -> str:
    values = {
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
    return f"{facts % values} {ending[energy_ratio.verdict]}"


def _by_reasoning(rng: Random, known: Sequence[CatalogueEntry]) -> Question | None:
    """One reasoning model, with and without its reasoning."""
    picked = _sample(rng, [entry for entry in known if entry.model.reasoning], 1)
    if picked is None:
        return None
    written, hidden = 10 * rng.randint(15, 40), 100 * rng.randint(12, 40)
    why = ngettext(
        "On lit autant de mots des deux côtés. Mais %(hidden)s jeton de réflexion a été écrit avant.",
        "On lit autant de mots des deux côtés. Mais %(hidden)s jetons de réflexion ont été écrits avant, "
        "et ils consomment au moins comme les autres.",
        hidden,
    ) % {"hidden": format_int(hidden)}
    return _question(
        rng, _answer_equation(picked[0], written, hidden), _answer_equation(picked[0], written), why
    )


QUESTION_MAKERS: tuple[QuestionMaker, ...] = (
    _by_size,
    _by_length,
    _by_experts,
    _length_against_size,
    _by_reasoning,
)


def side_caption(energy: Estimate) -> str:
    """The caption of a side before the answer: tokens written and tokens of reasoning."""
    if energy.reasoning_tokens:
        return _("écrit %(tokens)s jetons, après %(hidden)s jetons de réflexion") % {
            "tokens": format_int(energy.tokens_out),
            "hidden": format_int(energy.reasoning_tokens),
        }
    return _("écrit %(tokens)s jetons") % {"tokens": format_int(energy.tokens_out)}
