"""The simulator: two configurations, read from the address, estimated by science/energy and compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from duels.reveal.comparisons import Comparison, compare_energy
from duels.reveal.labels import headline, headline_note
from duels.reveal.options import RevealOptions
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
FIGURES = ("architecture", "total", "total_high", "active", "active_high", "bits")
USAGE_FIELDS = ("tokens", "batch")
DEFAULT_FIGURES = {"architecture": "dense", "total": "8", "bits": "16"}  # where no model is chosen


@dataclass(frozen=True, slots=True)
class SimulatorQuery:
    """What an address asks for, completed: every field of both sides, as text."""

    values: dict[str, str]
    by_form: bool

    @property
    def query(self) -> str:
        """The address to share: what is empty is left out."""
        return urlencode({name: value for name, value in self.values.items() if value})


@dataclass(frozen=True, slots=True)
class Simulation:
    """Both sides, what may be said of them together, and what they represent."""

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
    """Energies of both sides, to the last digit."""
    intervals = [one.estimate.energy_wh for one in sides]
    return [
        (_("Au plus bas"), [repr(interval.low) for interval in intervals]),
        (_("Au milieu"), [repr(interval.mid) for interval in intervals]),
        (_("Au plus haut"), [repr(interval.high) for interval in intervals]),
    ]


def parse_query(address: QueryDict, found: ModelsBySlug) -> SimulatorQuery:
    """The address, with the figures of a model that was just chosen, or of the first ones, filled in."""
    values = {"method": address.get("method", DEFAULT_METHOD)}
    for side in SIDES:
        values |= _side_values(address, side, found)
    return SimulatorQuery(values, by_form=any(f"{side}-from" in address for side in SIDES))


def _side_values(address: QueryDict, side: str, found: ModelsBySlug) -> dict[str, str]:
    given = {
        name: plain_number(str(address[f"{side}-{name}"])) for name in FIGURES if f"{side}-{name}" in address
    }
    usual = "" if given else first_known(found, DEFAULT_MODELS[side])
    model = address.get(f"{side}-model", usual)
    known = model_figures(found[model]) if model in found else DEFAULT_FIGURES
    just_chosen = model in found and address.get(f"{side}-from", model) != model
    # An address that names no architecture changes some figures of a model; the form's names them all.
    figures = known if just_chosen else given if "architecture" in given else known | given
    by_hand = {"tokens": str(USUAL_ANSWER_TOKENS), "batch": f"{BATCH.value:g}"}
    by_hand |= {
        name: plain_number(str(address[f"{side}-{name}"]))
        for name in USAGE_FIELDS
        if f"{side}-{name}" in address
    }
    return {f"{side}-{name}": value for name, value in {"model": model, **figures, **by_hand}.items()}


def model_figures(entry: CatalogueEntry) -> dict[str, str]:
    """The figures of a model as the form's fields."""
    shape = entry.shape
    values: dict[str, Any] = {
        "architecture": str(shape.architecture),
        "bits": shape.weight_bits,
        "total": shape.total_params_b,
    }
    if shape.total_range_b is not None and shape.active_range_b is not None:
        values["total"], values["total_high"] = shape.total_range_b
        if shape.active_range_b != shape.total_range_b:
            values["active"], values["active_high"] = shape.active_range_b
    elif shape.architecture is not Architecture.DENSE:
        values["active"] = shape.effective_params_b or shape.active_params_b
    return {name: _to_text(value) for name, value in values.items()}


def _to_text(value: Any) -> str:
    """A number that reads back as itself; 70.0 is 70."""
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def build_forms(asked: SimulatorQuery, found: ModelsBySlug) -> SimulatorForms:
    choices = grouped_choices(found.values())
    first, second = (ConfigurationForm(asked.values, side, choices) for side in SIDES)
    return SimulatorForms(MethodForm(asked.values), (first, second))


def simulate(filled: SimulatorForms, found: ModelsBySlug) -> Simulation:
    """Both sides estimated; the forms are valid."""
    method = filled.method.cleaned_data["method"]
    first, second = (_equation(form, method, found) for form in filled.sides)
    estimates = [first.estimate, second.estimate]
    return Simulation(
        sides=(first, second),
        ratio=ratio(*estimates),
        scale=energy_scale([first, second]),
        pictured=compare_energy(estimates, RevealOptions()).shown,
    )


def _equation(form: ConfigurationForm, method: str, found: ModelsBySlug) -> Equation:
    typed = form.cleaned_data
    energy = estimate(typed["shape"], typed["tokens"], method, batch=typed["batch"])
    return Equation(_title(typed, str(form.prefix).upper(), found), energy)


def _title(typed: Mapping[str, Any], letter: str, found: ModelsBySlug) -> str:
    entry = found.get(typed["model"])
    if entry is None:
        return _("Configuration %(letter)s") % {"letter": letter}
    if entry.shape == typed["shape"]:
        return entry.model.name
    return _("%(name)s, modifié") % {"name": entry.model.name}


def simulation_json(simulation: Simulation) -> dict[str, Any]:
    """The exact figures; energies in Wh, sizes in billions of parameters."""
    return {
        "method": simulation.sides[0].estimate.method.name,
        "ratio_a_over_b": simulation.ratio.interval.as_dict(),
        "verdict": simulation.ratio.verdict,
        "sides": {side: _side_json(one) for side, one in zip(SIDES, simulation.sides, strict=True)},
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
