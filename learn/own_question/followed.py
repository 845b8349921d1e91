"""The question that is followed: that of the visitor's own voted duel, else an example."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from duels.answers.consumption import answers_by_side, estimate_side
from duels.models import Answer, Duel, Side
from duels.queries import load_answers
from duels.reveal.display import Term
from duels.reveal.served_by import served_term
from duels.reveal.sides import method_of_the_day
from learn.model_choices import ModelsBySlug, first_known
from learn.tokenizer_view import vocabulary_of
from models_registry.models import LanguageModel
from models_registry.pages.catalogue import CatalogueEntry
from models_registry.pages.model_summary import load_summaries
from science import tokens
from science.energy import estimate

EXAMPLE_MODELS = ("mistral-small-2506", "deepseek-v3")  # one dense, one with experts
EXAMPLE_QUESTION = gettext_lazy("Pourquoi le ciel est-il bleu ?")
EXAMPLE_ANSWER = gettext_lazy(
    "La lumière du Soleil contient toutes les couleurs. En traversant l’air, elle heurte des molécules "
    "minuscules, qui renvoient le bleu dans toutes les directions bien plus que le rouge. Où que vous "
    "regardiez, un peu de ce bleu arrive jusqu’à vous : le ciel entier paraît bleu. Le soir, la lumière "
    "traverse beaucoup plus d’air, le bleu se perd en route, et il reste le rouge et l’orange."
)


@dataclass(frozen=True, slots=True)
class FollowedAnswer:
    """One side: the model in the shape it had and the energy of its answer, its text, where it was made."""

    side: Side
    entry: CatalogueEntry
    text: str
    served: Term


@dataclass(frozen=True, slots=True)
class FollowedQuestion:
    """A question and its two answers; duel is None for the example."""

    question: str
    answers: list[FollowedAnswer]
    duel: Duel | None = None

    @property
    def turns(self) -> int:
        """Turns of the conversation that its figures count."""
        return len(self.duel.turns.all()) if self.duel else 1


def last_voted_duel(visitor: str | None, code: str = "") -> Duel | None:
    """The visitor's duel of that code, else their newest, of those voted on in which both sides wrote.

    What has no vote yet is never followed: each screen names both models.
    """
    if not visitor:
        return None
    voted = Duel.objects.filter(visitor=visitor, vote__isnull=False).select_related("vote")
    written = voted.exclude(turns__answers__tokens_out=0)
    duel = (written.filter(code=code).first() if code else None) or written.first()
    return load_answers(duel) if duel else None


def follow_duel(duel: Duel) -> FollowedQuestion:
    """The first question of a duel that was voted on, with the figures of its reveal."""
    sides, method = answers_by_side(duel), method_of_the_day(duel)
    played = LanguageModel.objects.filter(pk__in=[own[-1].model_id for own in sides.values()])
    summaries = load_summaries(played)

    def followed(side: str, own: list[Answer]) -> FollowedAnswer:
        energy, model = estimate_side(own, method), summaries[own[-1].model_id]
        entry = CatalogueEntry(model, energy.shape, is_playable=False, energy=energy)
        return FollowedAnswer(Side(side), entry, own[0].text, served_term(own, energy))

    answers = [followed(side, own) for side, own in sides.items()]
    return FollowedQuestion(duel.turns.all()[0].prompt, answers, duel)


def example_question(models: ModelsBySlug) -> FollowedQuestion | None:
    """One written text, as two models of the registry would have cut it; None with fewer than two models."""
    first = first_known(models, EXAMPLE_MODELS[0])
    others = {slug: entry for slug, entry in models.items() if slug != first}
    if not others:
        return None
    pair = models[first], others[first_known(others, EXAMPLE_MODELS[1])]
    answers = [_example_answer(side, entry) for side, entry in zip(Side, pair, strict=True)]
    return FollowedQuestion(str(EXAMPLE_QUESTION), answers)


def _example_answer(side: Side, entry: CatalogueEntry) -> FollowedAnswer:
    vocabulary, _is_own = vocabulary_of(entry)
    read, written = (tokens.count(str(text), vocabulary.key) for text in (EXAMPLE_QUESTION, EXAMPLE_ANSWER))
    energy = estimate(entry.shape, written, tokens_in=read)
    served = Term("hosting", _("Lieu"), _("dans un nuage"), _("supposé, comme tout le reste de cet exemple"))
    return FollowedAnswer(side, replace(entry, energy=energy), str(EXAMPLE_ANSWER), served)
