"""« Comment est-ce calculé ? »: the method that was used, what it is worth, and the other one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from duels.reveal.display import TableRow
from duels.reveal.options import RevealOptions
from duels.reveal.ratio_labels import format_2_digits, format_factor, method_date, method_label
from duels.reveal.served_by import is_here
from models_registry.pages.labels import method_name
from science.energy import DEFAULT_METHOD, METHODS, Architecture, Change, Estimate, Method, what_if
from science.energy.constants import BATCH, BUILDING_OVERHEAD, Constant
from science.energy.counterfactuals import FEWER_BITS
from science.energy.evaluation import WIDER_BATCHES, MethodReport, validate
from science.energy.hosting import TYPICAL_POWER_SOURCE
from web.formatting import format_decimal, format_significant, localized, percent, watt_hours


@dataclass(frozen=True, slots=True)
class ConstantLine:
    """A constant of the method with its unit, what it stands for and where it comes from."""

    symbol: str
    value: str
    meaning: str
    source: str


@dataclass(frozen=True, slots=True)
class Accuracy:
    """The accuracy of every method against the measurements, one column each."""

    columns: list[str]
    lines: list[TableRow]
    sentence: str


@dataclass(frozen=True, slots=True)
class MethodLink:
    """A method that can be read instead; `query` is the end of its address."""

    label: str
    query: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class MethodExplanation:
    """The section for one duel.

    of_the_day: a link back when another method than that of the duel's day is shown. newest: a link to the
    present method from the figures of an earlier one.
    is_here: whether this site's computer wrote both: the cards that were measured elsewhere are not its own.
    typical_power: the watts that were taken for it, with the source of their size.
    """

    label: str
    version: str
    date: str
    source: str
    steps: list[str]
    what_ifs: list[TableRow]
    limits: list[str]
    constants: list[ConstantLine]
    accuracy: Accuracy
    links: list[MethodLink]
    of_the_day: MethodLink | None
    newest: MethodLink | None
    is_here: bool
    typical_power: str
    typical_power_source: str
    is_chosen: bool


def explain_method(
    estimates: Sequence[Estimate], of_the_day: Method, options: RevealOptions
) -> MethodExplanation:
    """The section for the method of both estimates."""
    shown, newest = estimates[0].method, METHODS[DEFAULT_METHOD]
    return MethodExplanation(
        label=method_label(shown),
        version=shown.version,
        date=method_date(shown),
        source=shown.source,
        steps=_steps(estimates),
        what_ifs=what_if_lines(estimates),
        limits=_limits(estimates),
        constants=[_constant(constant) for constant in shown.constants],
        accuracy=accuracy(),
        links=[
            MethodLink(method_name(method.name), options.by(method.name).query, method is shown)
            for method in METHODS.values()
        ],
        of_the_day=None
        if shown is of_the_day
        else MethodLink(method_label(of_the_day), options.by(None).query, is_shown=False),
        newest=MethodLink(method_label(newest), options.by(newest.name).query, is_shown=False)
        if shown is of_the_day and shown.name in EARLIER_METHODS
        else None,
        is_here=all(map(is_here, estimates)),
        typical_power=_typical_power(estimates),
        typical_power_source=TYPICAL_POWER_SOURCE,
        is_chosen=options.method is not None,
    )


def _physical_steps() -> list[str]:
    return [
        _(
            "Lire les poids : pour chaque jeton, les cartes relisent les paramètres utiles. "
            "Cette lecture est partagée entre %(batch)s conversations."
        )
        % {"batch": format_2_digits(BATCH.value)},
        _("Calculer : deux opérations pour chaque paramètre actif."),
        _("Mobiliser les cartes : celles qui portent le modèle sont prises tant que la réponse s’écrit."),
        _("Le tout, multiplié par %(overhead)s, ajoute le reste de la machine et le bâtiment.")
        % {"overhead": format_2_digits(BUILDING_OVERHEAD.value)},
    ]


def _physical_2_steps() -> list[str]:
    return [
        _("Lire votre question et l’historique : le calcul de chaque jeton lu, une fois."),
        *_physical_steps(),
    ]


def _computer_steps() -> list[str]:
    return [
        _("Le temps que cet ordinateur a travaillé pour la réponse, lecture de la question comprise."),
        _("Sa puissance pendant ce temps : mesurée par lui, déclarée, ou supposée."),
        _("Leur produit est l’énergie. Deux modèles qui travaillent ensemble se partagent l’ordinateur."),
    ]


def _ecologits_steps() -> list[str]:
    return [
        _("L’énergie d’une carte croît avec les paramètres actifs : une droite, ajustée sur des mesures."),
        _("Elle est multipliée par le nombre de cartes qui portent le modèle entier."),
        _("S’y ajoutent la part du serveur, le temps que la réponse s’écrive, puis le bâtiment."),
    ]


STEPS = {
    "physical-2026.2": _physical_2_steps,
    "physical-2026": _physical_steps,
    "ecologits-0.11.3": _ecologits_steps,
}
# Limits that say nothing about an answer of this computer, which is the device that they leave out.
ELSEWHERE_LIMITS = {
    "device", "network", "small_dense", "unknown_load", "large_services", "context_of_mixtures", "eight_bits",
    "hybrids", "prompt", "accelerators",
}  # fmt: skip
EARLIER_METHODS = ("physical-2026",)  # of the duels played before the present one


def _steps(estimates: Sequence[Estimate]) -> list[str]:
    """The computation for the places where these answers were made."""
    here = [is_here(energy) for energy in estimates]
    elsewhere = [] if all(here) else STEPS[estimates[0].method.name]()
    return elsewhere + (_computer_steps() if any(here) else [])


def _typical_power(estimates: Sequence[Estimate]) -> str:
    """The watts that stand for a power that nobody knows; empty where all are known."""
    watts = {
        energy.hosting.effective_power_w.mid
        for energy in estimates
        if is_here(energy) and energy.hosting.power_w is None
    }
    return _(" ou ").join(f"{format_2_digits(value)}\u00a0W" for value in sorted(watts))


def _limits(estimates: Sequence[Estimate]) -> list[str]:
    """The limits of the method, as far as it concerns these answers."""
    here = [is_here(energy) for energy in estimates]
    left_out = ELSEWHERE_LIMITS if all(here) else {"device"} if any(here) else set()
    limits = [limit for limit in estimates[0].method.limits if limit.key not in left_out]
    return [localized(limit.fr, limit.en) for limit in limits]


def _constant(constant: Constant) -> ConstantLine:
    value = number_format(constant.value, use_l10n=True)
    return ConstantLine(
        constant.symbol,
        f"{value} {_unit(constant.unit)}".strip(),
        localized(constant.fr, constant.en),
        constant.source,
    )


def _unit(unit: str) -> str:
    """The unit of a constant in the reader's language."""
    return {
        "J / (10⁹ parameters at 16 bits)": _("J par milliard de paramètres de 16 bits"),
        "J / (10⁹ active parameters)": _("J par milliard de paramètres actifs"),
        "J / GPU": _("J par carte"),
        "J / (1,000 tokens of context · √(10⁹ active parameters))": _(
            "J par millier de jetons de contexte et racine de milliard de paramètres actifs"
        ),
        "GB": pgettext("unit", "Go"),
        "conversations": _("conversations"),
    }.get(unit, unit)


def what_if_lines(estimates: Sequence[Estimate]) -> list[TableRow]:
    """The effect of each factor alone on each side: how many times the energy, and how much that makes."""
    found = [{other.change: other for other in what_if(energy)} for energy in estimates]
    return [
        TableRow(
            label,
            [
                f"{format_factor(effects[change].factor)} ({watt_hours(effects[change].estimate.mid_wh)})"
                if change in effects
                else _unchanged(change, energy)
                for effects, energy in zip(found, estimates, strict=True)
            ],
        )
        for change, label in _changes().items()
    ]


def _changes() -> dict[Change, str]:
    return {
        Change.DENSE: _("S’il était dense"),
        Change.TWICE_AS_LONG: _("Deux fois plus long"),
        Change.EIGHT_BITS: _("En %(bits)s bits") % {"bits": FEWER_BITS},
    }


def _unchanged(change: Change, energy: Estimate) -> str:
    """Why a change does not apply to an answer."""
    if not energy.tokens:
        return _("rien n’a été écrit")
    if change is Change.EIGHT_BITS:
        return _("déjà %(bits)s bits") % {"bits": format_decimal(energy.shape.weight_bits)}
    return (
        _("déjà dense") if energy.shape.architecture is Architecture.DENSE else _("architecture non publiée")
    )


def accuracy() -> Accuracy:
    """The accuracy as a table, computed from the measurements once per process."""
    proof = validate()
    gpus = _(" et ").join(proof.gpus)
    sentence = _("Mesures publiées par ML.ENERGY : %(models)s modèles, sur des cartes %(gpus)s.") % {
        "models": proof.model_count,
        "gpus": gpus,
    }
    lines = [TableRow(label, [cell(report) for report in proof.reports]) for label, cell in _scores()]
    return Accuracy([method_name(report.method.name) for report in proof.reports], lines, sentence)


def _scores() -> list[tuple[str, Callable[[MethodReport], str]]]:
    low, high = WIDER_BATCHES
    return [
        (_("Erreur médiane, en plus ou en moins"), lambda report: _error(report.accuracy.median_factor)),
        (_("Neuf fois sur dix, moins que"), lambda report: _error(report.accuracy.p90_factor)),
        (_("À moins d’un facteur 2"), lambda report: percent(report.accuracy.within_2_share)),
        (
            _("Dans la fourchette affichée (de %(low)s à %(high)s conversations)")
            % {"low": low, "high": high},
            lambda report: percent(report.shown_range.inside_share),
        ),
        (_("Rapport de deux modèles : erreur médiane"), lambda report: _error(report.ratio.median_factor)),
        (_("Rapport de deux modèles : le bon ordre"), lambda report: percent(report.ratio.right_order_share)),
    ]


def _error(factor: float) -> str:
    """An error as a factor, whichever the direction."""
    return f"× {format_significant(factor)}"
