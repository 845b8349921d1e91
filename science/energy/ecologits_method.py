"""The `ecologits-0.11.3` method: the estimate of EcoLogits, with its own ranges."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from science.energy.constants import (
    BATCH,
    ECOLOGITS_BITS,
    ECOLOGITS_CONSTANTS,
    ECOLOGITS_METHOD,
    ECOLOGITS_PUE_HIGH,
    ECOLOGITS_PUE_LOW,
)
from science.energy.interval import Interval
from science.energy.known_limitations import ECOLOGITS_LIMITS
from science.energy.method import Computation, Method, Part, PartName, Workload
from science.energy.physical_method import gpus_needed
from science.energy.shape import ModelShape

if TYPE_CHECKING:
    from ecologits.impacts.modeling import Impacts
    from ecologits.utils.range_value import ValueOrRange

PUE = Interval(
    ECOLOGITS_PUE_LOW.value,
    (ECOLOGITS_PUE_LOW.value + ECOLOGITS_PUE_HIGH.value) / 2,
    ECOLOGITS_PUE_HIGH.value,
)
WH_PER_KWH = 1000
G_PER_KG = 1000


def compute(shape: ModelShape, work: Workload) -> Computation:
    """EcoLogits' energy and CO2 of hardware for a number of output tokens; all of it is linear in tokens."""
    tokens, batch = work.tokens, work.load.mid
    per_token_wh = machine_energy_wh(shape, batch)
    return Computation(
        size_energy_wh=per_token_wh.times(PUE.mid * tokens),
        energy_wh=_with_building(per_token_wh).times(tokens),
        parts=_parts(shape, tokens, batch),
        gpu_count=gpus_needed(shape.served_sizes()[1].total_b, ECOLOGITS_BITS.value),
        # EcoLogits states no uncertainty beyond its ranges, and the building is common to both answers.
        ratio_spread=1.0,
        host_spread=1.0,
        hardware_co2_g=_interval(_impacts(shape, batch).embodied.gwp.value).times(G_PER_KG * tokens),
    )


def machine_energy_wh(shape: ModelShape, batch: float = BATCH.value) -> Interval:
    """Wh per output token at the machine, before the building: the card and the rest of the server."""
    return _interval(_impacts(shape, batch).usage.energy.value).times(WH_PER_KWH)


def card_energy_wh(shape: ModelShape, batch: float = BATCH.value) -> Interval:
    """Wh per output token of the cards alone, as ML.ENERGY measures them."""
    return _interval(_impacts(shape, batch, server_power_kw=0).usage.energy.value).times(WH_PER_KWH)


@lru_cache(maxsize=256)  # one estimate asks three times, and a reveal asks for models that play often
def _impacts(shape: ModelShape, batch: float, server_power_kw: float | None = None) -> Impacts:
    """EcoLogits' impacts of one output token, at the machine and without electricity's own impacts.

    Those are priced apart (carbon.py), with a mix that the reader names.
    """
    # Imported here because it takes longer than everything else this package does.
    from ecologits.impacts.llm import compute_llm_impacts

    low, _, high = shape.served_sizes()
    options = {} if server_power_kw is None else {"server_power": server_power_kw}
    return compute_llm_impacts(
        model_active_parameter_count=_value_or_range(low.active_b, high.active_b),
        model_total_parameter_count=_value_or_range(low.total_b, high.total_b),
        output_token_count=1,
        if_electricity_mix_adpe=0,
        if_electricity_mix_pe=0,
        if_electricity_mix_gwp=0,
        if_electricity_mix_wue=0,
        datacenter_pue=1,
        datacenter_wue=0,
        batch_size=batch,
        **options,
    )


def _value_or_range(low: float, high: float) -> ValueOrRange:
    from ecologits.utils.range_value import RangeValue

    return low if low == high else RangeValue(min=low, max=high)


def _interval(value: ValueOrRange) -> Interval:
    """EcoLogits' value as an interval; the middle of a range is its mean, as there."""
    if isinstance(value, int | float):
        return Interval(value, value, value)
    return Interval(value.min, value.mean, value.max)


def _with_building(machine_wh: Interval) -> Interval:
    low, high = machine_wh.low * PUE.low, machine_wh.high * PUE.high
    return Interval(low, machine_wh.mid * PUE.mid, high)


def _parts(shape: ModelShape, tokens: float, batch: float) -> tuple[Part, ...]:
    machine_wh, cards_wh = machine_energy_wh(shape, batch).mid, card_energy_wh(shape, batch).mid
    shares = ((PartName.CARDS, cards_wh / machine_wh), (PartName.SERVER, 1 - cards_wh / machine_wh))
    whole_wh = machine_wh * PUE.mid * tokens
    return tuple(Part(name, share * whole_wh, share) for name, share in shares)


ECOLOGITS = Method(
    name="ecologits-0.11.3",
    version="0.11.3",
    date="2026-10-14",  # release on PyPI
    source=ECOLOGITS_METHOD,
    constants=ECOLOGITS_CONSTANTS,
    limits=ECOLOGITS_LIMITS,
    compute=compute,
)
