"""The simulator: two configurations from the address, estimated and compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from duels.reveal.comparisons import Comparison, compare_energy
from duels.reveal.options import RevealOptions
from duels.reveal.ratio_labels import headline, headline_note
from learn.configuration import ConfigurationForm, MethodForm, SimulatorForms
from learn.energy_equation import EnergyScale, Equation, energy_scale
from learn.model_choices import ModelsBySlug, first_known, grouped_choices
from models_registry.pages.catalogue import CatalogueEntry
from models_registry.pages.energy import USUAL_ANSWER_TOKENS
from science.energy import (
    DEFAULT_METHOD,
    Architecture,
    Ratio,
    estimate,
    ratio,
)
from science.energy.constants import BATCH
from web.fields import plain_number

SIDES = ("a", "b")
DEFAULT_MODELS = {"a": "llama-3.3-70b", "b": "gemma-3n-e4b"}
FIGURES = (
    "architecture",
    "total",
    "total_high",
    "active",
    "active_high",
    "experts",
    "experts_active",
    "bits",
)
USAGE_FIELDS = ("tokens", "batch")
DEFAULT_FIGURES = {"architecture": "dense", "total": "8", "bits": "16"}  # without a model


@dataclass(frozen=True, slots=True)
class SimulatorQuery:
    """Every field of both sides, as text, with defaults for what the address leaves out.

    by_form: whether the form was submitted, rather than a shared address opened.
    """

    values: dict[str, str]
    by_form: bool

    @property
    def query(self) -> str:
        """The query string to share, without empty fields."""
        return urlencode({name: value for name, value in self.values.items() if value})


@dataclass(frozen=True, slots=True)
class Simulation:
    """The estimates of both sides, their ratio, and comparisons with everyday uses."""

    sides: tuple[Equation, Equation]
    ratio: Ratio
    scale: EnergyScale
    pictured: list[Comparison]

    @property
    def headline(self) -> str:
        return headline(self.ratio)

    @property
    def headline_note(self) -> str:
        return headline_note(self.ratio)

    @property
    def exact(self) -> list[tuple[str, list[str]]]:
        return _exact_rows(self.sides)


def _exact_rows(sides: Sequence[Equation]) -> list[tuple[str, list[str]]]:
    """The energies of both sides, in Wh, with all their digits."""
    intervals = [side.estimate.energy_wh for side in sides]
    return [
        (_("Au plus bas"), [repr(interval.low) for interval in intervals]),
        (_("Au milieu"), [repr(interval.mid) for interval in intervals]),
        (_("Au plus haut"), [repr(interval.high) for interval in intervals]),
    ]


def parse_query(address: QueryDict, models: ModelsBySlug) -> SimulatorQuery:
    values = {"method": address.get("method", DEFAULT_METHOD)}
    for side in SIDES:
        values |= {f"{side}-{name}": value for name, value in _side_values(address, side, models).items()}
    return SimulatorQuery(values, by_form=any(f"{side}-from" in address for side in SIDES))


def _side_values(address: QueryDict, side: str, models: ModelsBySlug) -> dict[str, str]:
    """Every field of one side, by name.

    The figures are those of a model that was just chosen in the form, or those in the address. An address
    without an architecture changes some figures of its model; the form sends all of them.
    """
    figures = _given(address, side, FIGURES)
    default_model = "" if figures else first_known(models, DEFAULT_MODELS[side])
    slug = address.get(f"{side}-model", default_model)
    defaults = model_figures(models[slug]) if slug in models else DEFAULT_FIGURES
    is_just_chosen = slug in models and address.get(f"{side}-from", slug) != slug
    if is_just_chosen:
        figures = defaults
    elif "architecture" not in figures:
        figures = defaults | figures
    usage = {"tokens": str(USUAL_ANSWER_TOKENS), "batch": f"{BATCH.value:g}"}
    return {"model": slug, **figures, **usage, **_given(address, side, USAGE_FIELDS)}


def _given(address: QueryDict, side: str, names: Sequence[str]) -> dict[str, str]:
    """The numbers of one side that the address holds, by name of field."""
    keys = {name: f"{side}-{name}" for name in names}
    return {name: plain_number(str(address[key])) for name, key in keys.items() if key in address}


def model_figures(entry: CatalogueEntry) -> dict[str, str]:
    """The figures of a model, as fields of the form."""
    shape = entry.shape
    values: dict[str, Any] = {
        "architecture": str(shape.architecture),
        "bits": shape.weight_bits,
        "total": shape.total_params_b,
    }
    if shape.experts_total is not None:
        values |= {"experts": shape.experts_total, "experts_active": shape.experts_active}
    if shape.total_range_b is not None and shape.active_range_b is not None:
        values["total"], values["total_high"] = shape.total_range_b
        if shape.active_range_b != shape.total_range_b:
            values["active"], values["active_high"] = shape.active_range_b
    elif shape.architecture is not Architecture.DENSE:
        values["active"] = shape.effective_params_b or shape.active_params_b
    return {name: _to_text(value) for name, value in values.items()}


def _to_text(value: Any) -> str:
    """The value as text that parses back to it; 70.0 is "70"."""
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def build_forms(query: SimulatorQuery, models: ModelsBySlug) -> SimulatorForms:
    choices = grouped_choices(models.values())
    first, second = (ConfigurationForm(query.values, side, choices) for side in SIDES)
    return SimulatorForms(MethodForm(query.values), (first, second))


def simulate(forms: SimulatorForms, models: ModelsBySlug) -> Simulation:
    """Estimate both sides of valid forms."""
    method = forms.method.cleaned_data["method"]
    first, second = (_equation(form, method, models) for form in forms.sides)
    estimates = [first.estimate, second.estimate]
    return Simulation(
        sides=(first, second),
        ratio=ratio(*estimates),
        scale=energy_scale([first, second]),
        pictured=compare_energy(estimates, RevealOptions()).shown,
    )


def _equation(form: ConfigurationForm, method: str, models: ModelsBySlug) -> Equation:
    values = form.cleaned_data
    energy = estimate(values["shape"], values["tokens"], method, batch=values["batch"])
    return Equation(_title(values, str(form.prefix).upper(), models), energy)


def _title(values: Mapping[str, Any], letter: str, models: ModelsBySlug) -> str:
    entry = models.get(values["model"])
    if entry is None:
        return _("Configuration %(letter)s") % {"letter": letter}
    if entry.shape == values["shape"]:
        return entry.model.name
    return _("%(name)s, modifié") % {"name": entry.model.name}


def simulation_json(simulation: Simulation) -> dict[str, Any]:
    """The exact figures: energies in Wh, sizes in billions of parameters."""
    return {
        "method": simulation.sides[0].estimate.method.name,
        "ratio_a_over_b": simulation.ratio.same_conditions.as_dict(),
        "verdict": simulation.ratio.verdict,
        "sides": {side: _side_json(equation) for side, equation in zip(SIDES, simulation.sides, strict=True)},
    }


def _side_json(equation: Equation) -> dict[str, Any]:
    energy, shape = equation.estimate, equation.estimate.shape
    return {
        "title": equation.title,
        "architecture": shape.architecture,
        "total_params_b": shape.total_params_b,
        "active_params_b": shape.active_params_b,
        "total_range_b": shape.total_range_b,
        "active_range_b": shape.active_range_b,
        "weight_bits": shape.weight_bits,
        "tokens": energy.tokens,
        "batch": energy.batch,
        "energy_wh": energy.energy_wh.as_dict(),
        "parts_wh": {part.name: part.energy_wh for part in energy.parts},
        "gpu_count": energy.gpu_count,
    }
