"""Estimates and comparisons."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Query, Router

from api.endpoints import documents
from api.endpoints.estimate_query import (
    SIDES,
    CompareQuery,
    EstimateQuery,
    UsageQuery,
    estimate_usage,
    usage_of,
)
from api.problems import Fault, Problem, invalid
from models_registry.pages.model_summary import ModelSummary
from science.energy import Estimate, Hosting, ratio

router = Router()


@router.get(
    "/estimate",
    response=documents.Estimate,
    summary=_("Estimer une réponse"),
    description=_(
        "L’énergie d’une réponse d’un modèle du registre, ou d’un modèle dont vous donnez la taille : les "
        "mêmes chiffres que le simulateur et la révélation, avec leur fourchette et leurs parts."
    ),
)
def estimate(request: HttpRequest, response: HttpResponse, query: Query[EstimateQuery]) -> documents.Estimate:
    return estimate_document(*estimate_usage(query, query.method))


@router.get(
    "/compare",
    response=documents.Comparison,
    summary=_("Comparer deux réponses"),
    description=_(
        "Les paramètres de « estimate » deux fois, précédés de « a_ » et de « b_ », et une seule méthode. "
        "Le rapport est bien plus sûr que les watt-heures : ce que les deux partagent s’y annule."
    ),
)
def compare(request: HttpRequest, response: HttpResponse, query: Query[CompareQuery]) -> documents.Comparison:
    (first_model, first), (second_model, second) = (
        _side(usage_of(query, side), query.method, side) for side in SIDES
    )
    energies = ratio(first, second)
    return documents.Comparison(
        a=estimate_document(first_model, first),
        b=estimate_document(second_model, second),
        ratio_a_over_b=documents.Interval.of(energies.same_conditions),
        verdict=energies.verdict,
        hosts_differ=energies.hosts_differ,
        ratio_as_made_a_over_b=documents.Interval.of(energies.across_hosts),
        verdict_as_made=energies.across_verdict,
    )


def _side(usage: UsageQuery, method: str, side: str) -> tuple[ModelSummary | None, Estimate]:
    """The estimate of one side, whose problems name its parameters; an answer without tokens is refused."""
    try:
        model, energy = estimate_usage(usage, method)
    except Problem as problem:
        faults = [Fault(f"{side}_{fault.parameter}", fault.detail) for fault in problem.faults]
        raise Problem(problem.kind, f"side {side}: {problem.detail}", faults) from None
    if not energy.tokens:
        raise invalid(f"{side}_tokens_out", "an answer without tokens has no ratio")
    return model, energy


def estimate_document(model: ModelSummary | None, energy: Estimate) -> documents.Estimate:
    co2 = energy.hardware_co2_g
    return documents.Estimate(
        model=documents.ModelName(slug=model.slug, name=model.name) if model else None,
        shape=documents.Shape.model_validate(energy.shape),
        method=documents.Method.model_validate(energy.method),
        hosting=_hosting(energy.hosting),
        tokens_out=int(energy.tokens_out),
        reasoning_tokens=int(energy.reasoning_tokens),
        tokens_in=int(energy.tokens_in),
        context_tokens=energy.context_tokens,
        load=documents.Interval.of(energy.load),
        gpu_count=energy.gpu_count,
        energy_wh=documents.Interval.of(energy.energy_wh),
        parts_wh={part.name: part.energy_wh for part in energy.parts},
        hardware_co2_g=documents.Interval.of(co2) if co2 else None,
    )


def _hosting(hosting: Hosting) -> documents.Hosting:
    own, here = hosting.is_own_server, hosting.is_this_computer
    return documents.Hosting(
        kind=hosting.kind,
        accelerator=hosting.accelerator or None,
        accelerator_count=hosting.accelerator_count,
        simultaneous_answers=hosting.simultaneous_answers,
        load_is_measured=hosting.is_measured if own else None,
        processor=hosting.processor if here else None,
        power_w=documents.Interval.of(hosting.effective_power_w) if here else None,
        work_seconds=hosting.work_seconds,
        prompt_share=hosting.prompt_share if here else None,
    )
