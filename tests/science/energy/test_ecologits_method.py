import pytest
from ecologits.impacts.llm import compute_llm_impacts, compute_llm_impacts_dag
from ecologits.tracers.utils import PROVIDER_CONFIG_MAP
from ecologits.utils.range_value import RangeValue
from hypothesis import given

from science.energy import Architecture, ModelShape, estimate, ratio
from science.energy.constants import ECOLOGITS_BITS, ECOLOGITS_PUE_HIGH, ECOLOGITS_PUE_LOW
from science.energy.ecologits_method import ECOLOGITS, card_energy_wh
from tests.science.energy.shapes import GEMMA_E2B, LLAMA_70B, MIXTRAL, SECRET, any_shape, token_counts

NAME = ECOLOGITS.name


def test_the_figure_ecologits_published_for_mistral_small() -> None:
    # 0.022 Wh of card energy for 400 tokens: https://genai-impact.org/blog/post-3
    mistral_small = ModelShape(Architecture.DENSE, 24)
    assert round(card_energy_wh(mistral_small).mid * 400, 3) == 0.022


def test_the_numbers_are_those_of_ecologits_for_an_unknown_host() -> None:
    theirs = compute_llm_impacts(
        model_active_parameter_count=RangeValue(min=40, max=280),
        model_total_parameter_count=RangeValue(min=200, max=1800),
        output_token_count=312,
        if_electricity_mix_adpe=0,
        if_electricity_mix_pe=0,
        if_electricity_mix_gwp=0,
        if_electricity_mix_wue=0,
        datacenter_pue=PROVIDER_CONFIG_MAP["huggingface_hub"].datacenter_pue,
        datacenter_wue=0,
    )
    ours = estimate(SECRET, 312, NAME)
    assert ours.low_wh == pytest.approx(theirs.energy.value.min * 1000)
    assert ours.high_wh == pytest.approx(theirs.energy.value.max * 1000)
    assert ours.hardware_co2_g is not None
    assert ours.hardware_co2_g.high == pytest.approx(theirs.embodied.gwp.value.max * 1000)


def test_the_constants_shown_are_those_of_the_package() -> None:
    host = PROVIDER_CONFIG_MAP["huggingface_hub"].datacenter_pue
    assert (ECOLOGITS_PUE_LOW.value, ECOLOGITS_PUE_HIGH.value) == (host.min, host.max)
    inside = compute_llm_impacts_dag(12.9, 46.7, 1, float("inf"), 0, 0, 0, 0, 1, 0)
    assert inside["model_required_memory"] == pytest.approx(1.2 * 46.7 * ECOLOGITS_BITS.value / 8)
    assert inside["gpu_required_count"] == estimate(MIXTRAL, 1, NAME).gpu_count


def test_its_parts_are_the_cards_and_the_rest_of_the_server() -> None:
    answer = estimate(LLAMA_70B, 100, NAME)
    assert [part.name for part in answer.parts] == ["cards", "server"]
    assert sum(part.energy_wh for part in answer.parts) == pytest.approx(answer.mid_wh)
    assert sum(part.share for part in answer.parts) == pytest.approx(1)


def test_it_gives_no_doubt_about_the_ratio_of_two_known_models() -> None:
    compared = ratio(estimate(LLAMA_70B, 100, NAME), estimate(GEMMA_E2B, 100, NAME))
    assert compared.same_conditions.low == pytest.approx(compared.mid)
    assert compared.same_conditions.high == pytest.approx(compared.mid)


def test_two_methods_are_never_compared() -> None:
    with pytest.raises(ValueError, match="by one method only"):
        ratio(estimate(LLAMA_70B, 100, NAME), estimate(LLAMA_70B, 100))


@given(any_shape, token_counts, token_counts)
def test_more_tokens_never_cost_less(shape: ModelShape, tokens: int, more: int) -> None:
    fewer, longer = estimate(shape, tokens, NAME), estimate(shape, tokens + more, NAME)
    assert fewer.low_wh < longer.low_wh
    assert fewer.mid_wh < longer.mid_wh
    assert fewer.high_wh < longer.high_wh
    assert fewer.low_wh <= fewer.mid_wh <= fewer.high_wh
