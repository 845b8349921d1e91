"""The reveal as JSON: the stored figures, and the estimates of each method."""

from collections.abc import Sequence
from typing import Any

from duels.answers.consumption import answers_by_side, estimate_side
from duels.models import Duel
from duels.reveal.sides import RevealSide, build_sides, method_of_the_day, ratio_of
from science.energy import METHODS, Estimate, Hosting


def serialize_reveal(duel: Duel) -> dict[str, Any]:
    """The figures of the reveal; energies in Wh, sizes in billions of parameters."""
    method = method_of_the_day(duel)
    sides = build_sides(duel, method)
    guess, second = getattr(duel, "guess", None), getattr(duel, "second_vote", None)
    return {
        "duel": duel.code,
        "vote": duel.vote.choice,
        "second_vote": second.choice if second else None,
        "guess": {"side": guess.side or None, "factor": guess.factor or None} if guess else None,
        "method": method,
        **_compared([side.estimate for side in sides]),
        "sides": {side.side: _side(side) for side in sides},
        "methods": {name: _by(duel, name) for name in METHODS},
    }


def _compared(estimates: Sequence[Estimate]) -> dict[str, Any]:
    ratio = ratio_of(estimates)
    return {
        "ratio_a_over_b": ratio.same_conditions.as_dict() if ratio else None,
        "verdict": ratio.verdict if ratio else None,
        "hosts_differ": ratio.hosts_differ if ratio else None,
        "ratio_as_made_a_over_b": ratio.across_hosts.as_dict() if ratio else None,
        "verdict_as_made": ratio.across_verdict if ratio else None,
    }


def _by(duel: Duel, method: str) -> dict[str, Any]:
    """The estimates of one method for both sides."""
    estimates = {side: estimate_side(answers, method) for side, answers in answers_by_side(duel).items()}
    return {
        "version": METHODS[method].version,
        "date": METHODS[method].date,
        "source": METHODS[method].source,
        **_compared(list(estimates.values())),
        "sides": {side: _energy(energy) for side, energy in estimates.items()},
    }


def _side(side: RevealSide) -> dict[str, Any]:
    shape, energy, model = side.estimate.shape, side.estimate, side.model
    return {
        "model": model.slug,
        "name": model.name,
        "organisation": model.organisation.name,
        "licence": model.licence.name,
        "release_date": model.release_date.isoformat() if model.release_date else None,
        "architecture": shape.architecture,
        "disclosed": shape.is_disclosed,
        "total_params_b": shape.total_params_b,
        "active_params_b": shape.active_params_b,
        "effective_params_b": shape.effective_params_b,
        "total_range_b": shape.total_range_b,
        "active_range_b": shape.active_range_b,
        "weight_bits": shape.weight_bits,
        "tokens_out": energy.tokens_out,
        "reasoning_tokens": energy.reasoning_tokens,
        "tokens_in": energy.tokens_in,
        "hosting": _hosting(energy.hosting),
        **_energy(energy),
        "method": energy.method.name,
        "method_version": energy.method.version,
    }


def _hosting(hosting: Hosting) -> dict[str, Any]:
    """Where an answer was made; the fields of its kind of hosting alone. Power in W, time in seconds."""
    kind: dict[str, Any] = {"kind": hosting.kind}
    if hosting.is_own_server:
        return kind | {
            "accelerator": hosting.accelerator or None,
            "accelerator_count": hosting.accelerator_count,
            "simultaneous_answers": hosting.simultaneous_answers,
            "load_is_measured": hosting.is_measured,
        }
    if hosting.is_this_computer:
        return kind | {
            "processor": hosting.processor,
            "power_w": hosting.effective_power_w.as_dict(),
            "work_seconds": hosting.work_seconds,
            "prompt_share": hosting.prompt_share,
        }
    return kind


def _energy(energy: Estimate) -> dict[str, Any]:
    return {
        "energy_wh": energy.energy_wh.as_dict(),
        "parts_wh": {part.name: part.energy_wh for part in energy.parts},
        "gpu_count": energy.gpu_count,
    }
