"""Both sides of the reveal: model, size, energy."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from duels.answers.consumption import answers_by_side, estimate_side
from duels.models import Answer, Duel
from duels.reveal.display import Term
from duels.reveal.equation import energy_term, precision_label, reasoning, terms
from duels.reveal.served_by import is_here, served_term
from models_registry.models import LanguageModel
from models_registry.pages.energy_bar import BarSegment, energy_bar
from science.energy import DEFAULT_METHOD, Estimate, ModelShape, Ratio, ratio
from web.formatting import billions, release


@dataclass(frozen=True, slots=True)
class RevealSide:
    """One side; size and architecture as stored when the duel was played."""

    side: str
    model: LanguageModel
    architecture_label: str
    precision_label: str
    release_label: str
    terms: list[Term]
    served: Term
    energy: Term
    parts: list[BarSegment]
    reasoning: list[BarSegment]
    estimate: Estimate
    chosen: bool

    @property
    def letter(self) -> str:
        return self.side.upper()

    @property
    def undisclosed(self) -> bool:
        return not self.estimate.shape.is_disclosed

    @property
    def size_label(self) -> str:
        """Architecture and size in a few words."""
        if self.estimate.shape.total_params_b is None:
            return _("taille non publiée")
        return f"{self.architecture_label.lower()} · {billions(self.estimate.shape.total_params_b)}"

    @property
    def product_label(self) -> str:
        """Size and length as a product: « 6,7 Md × 268 jetons »."""
        values = {term.key: term.value for term in self.terms}
        tokens = ngettext("%(count)s jeton", "%(count)s jetons", self.estimate.tokens)
        return f"{values['size']} × {tokens % {'count': values['length']}}"

    @property
    def is_on_this_computer(self) -> bool:
        """Whether the figures are those of this site's computer."""
        return is_here(self.estimate)


def build_sides(duel: Duel, method: str) -> list[RevealSide]:
    """Sides a and b, estimated by that method."""
    return [_side(duel, side, answers, method) for side, answers in answers_by_side(duel).items()]


def _side(duel: Duel, side: str, answers: list[Answer], method: str) -> RevealSide:
    model, energy = answers[-1].model, estimate_side(answers, method)
    return RevealSide(
        side=side,
        model=model,
        architecture_label=_architecture_label(model, energy.shape),
        precision_label=precision_label(energy.shape, model.weight_bits, answers),
        release_label=release(model.release_date, model.release_precision),
        terms=terms(answers, energy),
        served=served_term(answers, energy),
        energy=energy_term(energy),
        parts=energy_bar(energy) if counts_the_place(energy) else [],
        reasoning=reasoning(energy),
        estimate=energy,
        chosen=duel.is_revealed and duel.vote.choice == side,
    )


def _architecture_label(model: LanguageModel, shape: ModelShape) -> str:
    """As stored; a model of undisclosed size may have a published architecture."""
    if shape.is_disclosed:
        return str(LanguageModel.Architecture(shape.architecture).label)
    if model.architecture == LanguageModel.Architecture.UNDISCLOSED:
        return _("Architecture non communiquée")
    return model.get_architecture_display()


def counts_the_place(energy: Estimate) -> bool:
    """Whether the method speaks of the machine that wrote: one that knows no place would show other cards."""
    return energy.method.knows_hosting or not energy.hosting.is_this_computer


def method_of_the_day(duel: Duel) -> str:
    """The method in force when the duel was played."""
    stored = [answer.energy_method for turn in duel.turns.all() for answer in turn.answers.all()]
    return next((method for method in reversed(stored) if method), DEFAULT_METHOD)


def ratio_of(estimates: Sequence[Estimate]) -> Ratio | None:
    """The energy of a over that of b; None when a side wrote nothing."""
    first, second = estimates
    return ratio(first, second) if first.tokens and second.tokens else None
