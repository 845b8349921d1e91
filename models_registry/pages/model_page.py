"""Content of a model's public page: its facts with their sources, and the energy of its answers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from models_registry.models import PRESUMED_WEIGHT_BITS, LanguageModel, Source
from models_registry.pages.energy import USUAL_ANSWER_TOKENS
from models_registry.pages.energy_bar import BarSegment, energy_bar
from models_registry.pages.labels import EnergyLabels, method_name, range_label, size_caption, size_label
from science.energy import METHODS, Architecture, Estimate, ModelShape, estimate
from web.formatting import billions, format_decimal, format_int, localized, release, watt_hours
from web.log_axis import Axis, Band

LONG_ANSWER_TOKENS = 1_000


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact about a model, formatted, with its sources."""

    key: str
    label: str
    value: str
    explanation: str = ""
    sources: Sequence[Source] = ()


@dataclass(frozen=True, slots=True)
class MethodResult(EnergyLabels):
    """Estimates of a usual and of a long answer by one method."""

    label: str
    energy: Estimate
    long_energy: Estimate
    band: Band

    @property
    def name(self) -> str:
        return self.energy.method.name

    @property
    def source(self) -> str:
        return self.energy.method.source

    @property
    def long_energy_label(self) -> str:
        return watt_hours(self.long_energy.mid_wh)

    @property
    def long_range_label(self) -> str:
        return range_label(self.long_energy)

    @property
    def segments(self) -> list[BarSegment]:
        return energy_bar(self.energy)

    @property
    def limits(self) -> list[str]:
        """The limits of the method, in the active language."""
        return [localized(limit.fr, limit.en) for limit in self.energy.method.limits]


@dataclass(frozen=True, slots=True)
class ModelPage:
    model: LanguageModel
    size_label: str
    size_caption: str
    hypothesis: str
    release_label: str
    facts: list[Fact]
    methods: list[MethodResult]
    axis: Axis
    answer_tokens: int = USUAL_ANSWER_TOKENS
    long_answer_tokens: int = LONG_ANSWER_TOKENS

    @property
    def disclosed(self) -> bool:
        return not self.hypothesis

    @property
    def main(self) -> MethodResult:
        """Result of the method that the rest of the site uses."""
        return self.methods[0]


def model_page(model: LanguageModel) -> ModelPage:
    """Content of the page of a model; raises ValueError when its facts contradict each other."""
    shape = model.shape()
    energies = {name: estimate(shape, USUAL_ANSWER_TOKENS, name) for name in METHODS}
    axis = Axis.around([energy.energy_wh for energy in energies.values()])
    return ModelPage(
        model=model,
        size_label=size_label(shape),
        size_caption=size_caption(shape),
        hypothesis=_hypothesis(shape),
        release_label=release(model.release_date, model.release_precision),
        facts=facts(model, shape),
        methods=[
            MethodResult(
                capfirst(method_name(name)),
                energy,
                estimate(shape, LONG_ANSWER_TOKENS, name),
                axis.band(energy.energy_wh),
            )
            for name, energy in energies.items()
        ],
        axis=axis,
    )


def _hypothesis(shape: ModelShape) -> str:
    """Sentence on the hypothesis of an undisclosed size; empty for a published one."""
    if shape.total_range_b is None or shape.active_range_b is None:
        return ""
    total = _("Nous retenons de %(total)s de paramètres.") % {"total": size_label(shape)}
    if shape.active_range_b == shape.total_range_b:
        return total
    low, high = (billions(end) for end in shape.active_range_b)
    active = _("À chaque jeton, de %(low)s à %(high)s d’entre eux travailleraient.")
    return f"{total} {active % {'low': low, 'high': high}}"


def facts(model: LanguageModel, shape: ModelShape) -> list[Fact]:
    """Facts of the page, those with sources first."""
    sources: dict[str, list[Source]] = defaultdict(list)
    for source in model.sources.all():
        sources[source.fact].append(source)
    licence = model.licence
    return [
        Fact(
            "size",
            _("Taille"),
            f"{size_label(shape)} {size_caption(shape)}",
            sources=sources[Source.Fact.SIZE],
        ),
        Fact(
            "architecture",
            _("Architecture"),
            model.get_architecture_display(),
            _explain_architecture(model, shape),
            sources[Source.Fact.ARCHITECTURE],
        ),
        Fact(
            "date",
            _("Sortie"),
            release(model.release_date, model.release_precision),
            sources=sources[Source.Fact.DATE],
        ),
        Fact(
            "licence",
            _("Licence"),
            f"{licence.name} ({licence.get_kind_display().lower()})",
            licence.sentence,
            sources[Source.Fact.LICENCE],
        ),
        _precision(model),
        _context(model),
        _reasoning(model),
    ]


def _explain_architecture(model: LanguageModel, shape: ModelShape) -> str:
    """Explain the architecture in one or two sentences."""
    if model.architecture == Architecture.DENSE:
        return _("Tous ses paramètres travaillent à chaque jeton.")
    if model.architecture == Architecture.MATFORMER:
        return _(
            "Des modèles emboîtés : il calcule comme s’il n’avait que %(effective)s de paramètres ; "
            "les autres sont rangés à part et seulement consultés."
        ) % {"effective": billions(model.effective_params_b or 0)}
    if model.architecture == Architecture.MIXTURE_OF_EXPERTS:
        return " ".join(filter(None, [_explain_active_params(shape), _explain_experts(model)]))
    return _("Son fabricant ne dit pas comment il est construit.")


def _explain_active_params(shape: ModelShape) -> str:
    if shape.total_params_b is None or shape.active_params_b is None:
        return _(
            "Une partie seulement de ses paramètres travaille à chaque jeton ; laquelle n’est pas publié."
        )
    return _("Une partie seulement travaille à chaque jeton : %(active)s de paramètres sur %(total)s.") % {
        "active": billions(shape.active_params_b),
        "total": billions(shape.total_params_b),
    }


def _explain_experts(model: LanguageModel) -> str:
    if not (model.experts_total and model.experts_active):
        return ""
    return ngettext(
        "Pour chaque jeton, %(active)s expert est choisi parmi %(total)s.",
        "Pour chaque jeton, %(active)s experts sont choisis parmi %(total)s.",
        model.experts_active,
    ) % {"active": model.experts_active, "total": model.experts_total}


def _precision(model: LanguageModel) -> Fact:
    label = _("Précision des poids")
    if model.weight_bits is None:
        presumed = _("Nous supposons %(bits)s bits par paramètre.")
        return Fact("precision", label, _("Non publiée"), presumed % {"bits": PRESUMED_WEIGHT_BITS})
    return Fact(
        "precision", label, _("%(bits)s bits par paramètre") % {"bits": format_decimal(model.weight_bits)}
    )


def _context(model: LanguageModel) -> Fact:
    label = _("Ce qu’il peut relire")
    if model.context_window_tokens is None:
        return Fact("context", label, _("Non précisé"))
    tokens = format_int(model.context_window_tokens)
    return Fact("context", label, _("jusqu’à %(tokens)s jetons à la fois") % {"tokens": tokens})


def _reasoning(model: LanguageModel) -> Fact:
    label = _("Réflexion")
    if not model.reasoning:
        return Fact("reasoning", label, _("Il répond directement."))
    counted = _("Cette réflexion est faite de jetons : elle compte dans l’énergie.")
    return Fact("reasoning", label, _("Il écrit une réflexion avant de répondre."), counted)
