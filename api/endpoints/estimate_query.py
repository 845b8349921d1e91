"""Parameters of an estimate and of a comparison, and the shape and the hosting that they describe."""

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from django.utils.translation import gettext_noop as _
from pydantic import AfterValidator, BaseModel, Field, create_model

from api.name_lookup import find_model
from api.problems import invalid
from models_registry.models import PRESUMED_WEIGHT_BITS
from models_registry.pages.energy import USUAL_ANSWER_TOKENS
from models_registry.pages.model_summary import ModelSummary
from science.energy import (
    CLOUD,
    DEFAULT_METHOD,
    METHODS,
    Architecture,
    Estimate,
    Hosting,
    HostingKind,
    ModelShape,
    Processor,
    estimate,
    own_server,
    read_power,
    supposed_power,
    this_computer,
)

MAX_TOKENS_WRITTEN = 1_000_000
MAX_TOKENS_READ = 100_000_000  # over all the turns of a conversation
MIN_PARAMS_B, MAX_PARAMS_B = 0.001, 100_000
SIDES = ("a", "b")
SIZES = (
    "total_params_b", "active_params_b", "effective_params_b", "total_low_b", "total_high_b", "active_low_b",
    "active_high_b", "experts_total", "experts_active",
)  # fmt: skip
# The parameters that say something about one kind of hosting alone.
OF_A_HOSTING = {
    HostingKind.CLOUD: {"batch"},
    HostingKind.OWN_SERVER: {
        "accelerator", "accelerator_count", "simultaneous_answers", "load_is_measured",
    },
    HostingKind.THIS_COMPUTER: {
        "processor", "power_w", "power_is_read", "work_seconds", "prompt_share",
    },
}  # fmt: skip


def _known_method(name: str) -> str:
    if name not in METHODS:
        raise ValueError(f"known methods are {', '.join(METHODS)}")
    return name


def _size(description: str) -> Any:
    return Field(None, ge=MIN_PARAMS_B, le=MAX_PARAMS_B, description=description)


class MethodQuery(BaseModel):
    method: Annotated[str, AfterValidator(_known_method), Field(json_schema_extra={"enum": [*METHODS]})] = (
        Field(DEFAULT_METHOD, description=_("La méthode d’estimation."))
    )


class UsageQuery(BaseModel):
    """A model by its name or by its shape, what it reads and writes, and where."""

    model: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description=_("Un modèle : son identifiant ici, ou son nom chez compar:IA, EcoLogits ou un serveur."),
        examples=["llama-3.3-70b"],
    )
    architecture: Architecture | None = Field(None, description=_("Sans modèle : l’architecture."))
    total_params_b: float | None = _size(_("Paramètres au total, en milliards."))
    active_params_b: float | None = _size(_("Paramètres actifs d’un mélange d’experts, en milliards."))
    effective_params_b: float | None = _size(_("Paramètres effectifs d’un MatFormer, en milliards."))
    total_low_b: float | None = _size(_("Taille non publiée : le bas de l’hypothèse, en milliards."))
    total_high_b: float | None = _size(_("Taille non publiée : le haut de l’hypothèse, en milliards."))
    active_low_b: float | None = _size(_("Le bas de l’hypothèse sur les actifs, en milliards."))
    active_high_b: float | None = _size(_("Le haut de l’hypothèse sur les actifs, en milliards."))
    experts_total: int | None = Field(None, ge=1, le=10_000, description=_("Experts en tout."))
    experts_active: int | None = Field(None, ge=1, le=10_000, description=_("Experts choisis par jeton."))
    weight_bits: float | None = Field(
        None,
        ge=1,
        le=32,
        description=_("Bits par paramètre ; sans valeur, ceux du modèle, ou 16."),
    )
    tokens_out: int = Field(
        USUAL_ANSWER_TOKENS, ge=0, le=MAX_TOKENS_WRITTEN, description=_("Jetons écrits dans la réponse.")
    )
    reasoning_tokens: int = Field(
        0, ge=0, le=MAX_TOKENS_WRITTEN, description=_("Jetons de réflexion cachée, en plus.")
    )
    tokens_in: int = Field(
        0, ge=0, le=MAX_TOKENS_READ, description=_("Jetons lus : la question et l’historique.")
    )
    context_tokens: float | None = Field(
        None,
        ge=0,
        le=MAX_TOKENS_READ,
        description=_(
            "Jetons qu’un jeton écrit relit en moyenne ; sans valeur, ceux d’une conversation d’un seul tour."
        ),
    )
    hosting: HostingKind = Field(HostingKind.CLOUD, description=_("Où la réponse est écrite."))
    batch: int | None = Field(
        None, ge=1, le=1024, description=_("Nuage : conversations servies ensemble, d’habitude.")
    )
    accelerator: str | None = Field(
        None, max_length=80, description=_("Serveur à soi : le nom de la carte accélératrice.")
    )
    accelerator_count: int | None = Field(
        None, ge=1, le=10_000, description=_("Serveur à soi : le nombre de cartes du modèle.")
    )
    simultaneous_answers: float | None = Field(
        None, ge=1, le=10_000, description=_("Serveur à soi : réponses écrites en même temps, d’habitude.")
    )
    load_is_measured: bool | None = Field(
        None, description=_("Serveur à soi : ce nombre a été mesuré, et non déclaré.")
    )
    processor: Processor | None = Field(None, description=_("Cet ordinateur : ce qui calcule."))
    power_w: float | None = Field(
        None,
        ge=0.1,
        le=100_000,
        description=_("Cet ordinateur : sa puissance pendant qu’il répond, en watts."),
    )
    power_is_read: bool | None = Field(
        None, description=_("Cet ordinateur : la machine a lu cette puissance ; sinon, elle est déclarée.")
    )
    work_seconds: float | None = Field(
        None,
        ge=0.001,
        le=10_000_000,
        description=_("Cet ordinateur : les secondes de travail pour cette réponse seule."),
    )
    prompt_share: float | None = Field(
        None, ge=0, le=1, description=_("Cet ordinateur : la part de ce temps qui a servi à lire.")
    )


class EstimateQuery(UsageQuery, MethodQuery):
    """One estimate."""


def _both_sides() -> dict[str, Any]:
    """The fields of a usage twice, with the letter of their side before their name."""
    return {
        f"{side}_{name}": (field.annotation, copy(field))
        for side in SIDES
        for name, field in UsageQuery.model_fields.items()
    }


if TYPE_CHECKING:
    CompareQuery = MethodQuery
else:
    CompareQuery = create_model("CompareQuery", __base__=MethodQuery, **_both_sides())


def usage_of(query: MethodQuery, side: str) -> UsageQuery:
    """One side of a comparison."""
    given = query.model_dump(exclude_unset=True)
    prefix = f"{side}_"
    own = {name.removeprefix(prefix): value for name, value in given.items() if name.startswith(prefix)}
    return UsageQuery(**own)


def estimate_usage(query: UsageQuery, method: str) -> tuple[ModelSummary | None, Estimate]:
    """The model that was named, if any, and the estimate; raises Problem."""
    model, shape = _model_and_shape(query)
    try:
        energy = estimate(
            shape,
            query.tokens_out,
            method,
            reasoning_tokens=query.reasoning_tokens,
            tokens_in=query.tokens_in,
            context_tokens=query.context_tokens,
            hosting=_hosting(query),
            batch=query.batch,
        )
    except ValueError as error:
        raise invalid("hosting", str(error)) from None
    return model, energy


def _model_and_shape(query: UsageQuery) -> tuple[ModelSummary | None, ModelShape]:
    sizes = [name for name in SIZES if getattr(query, name) is not None]
    if query.model is None:
        if query.architecture is None:
            raise invalid("model", "is missing; give a model, or an architecture and its sizes")
        return None, _shape(query, query.architecture)
    if query.architecture is not None or sizes:
        raise invalid(sizes[0] if sizes else "architecture", "is a fact of the model: leave one of them out")
    model = find_model(query.model)
    assert model.shape is not None  # find_model finds no other
    bits = query.weight_bits
    return model, replace(model.shape, weight_bits=bits) if bits else model.shape


def _shape(query: UsageQuery, architecture: Architecture) -> ModelShape:
    try:
        return ModelShape(
            architecture,
            query.total_params_b,
            query.active_params_b,
            query.weight_bits or PRESUMED_WEIGHT_BITS,
            effective_params_b=query.effective_params_b,
            total_range_b=_range(query, "total"),
            active_range_b=_range(query, "active"),
            experts_total=query.experts_total,
            experts_active=query.experts_active,
        )
    except ValueError as error:
        raise invalid("architecture", str(error)) from None


def _range(query: UsageQuery, name: str) -> tuple[float, float] | None:
    low, high = getattr(query, f"{name}_low_b"), getattr(query, f"{name}_high_b")
    if (low is None) != (high is None):
        raise invalid(f"{name}_{'low' if low is None else 'high'}_b", "is missing: a range has two ends")
    return None if low is None else (low, high)


def _hosting(query: UsageQuery) -> Hosting:
    for kind, names in OF_A_HOSTING.items():
        for name in sorted(names & query.model_fields_set):
            if kind != query.hosting:
                raise invalid(name, f"goes with hosting={kind} alone")
    if query.hosting is HostingKind.OWN_SERVER:
        return own_server(
            query.accelerator or "",
            query.accelerator_count,
            query.simultaneous_answers,
            is_measured=bool(query.load_is_measured),
        )
    if query.hosting is HostingKind.THIS_COMPUTER:
        power = read_power if query.power_is_read else supposed_power
        power_w = None if query.power_w is None else power(query.power_w)
        processor = query.processor or Processor.CPU
        return this_computer(processor, power_w, query.work_seconds, query.prompt_share or 0.0)
    return CLOUD
