import pytest
from hypothesis import given
from hypothesis import strategies as st

from science.energy import CLOUD, Architecture, Interval, ModelShape, PartName, estimate, own_server
from science.energy.physical_method_2 import weights_read_b
from science.energy.shape import ServedSize
from tests.science.energy.shapes import LLAMA_70B, MIXTRAL, SECRET, any_shape, token_counts

NAME = "physical-2026.2"
MAVERICK = ModelShape(Architecture.MIXTURE_OF_EXPERTS, 400, 17, 8, experts_total=128, experts_active=1)


def test_llama_70b_by_hand() -> None:
    # 0.42*70.6/64 = 0.463313; 0.0025*70.6 = 0.1765; 4 cards: 0.057*4 = 0.228; no context beyond 500.
    # 0.867813 J * 312 tokens * 1.7 / 3600 = 0.127858 Wh.
    answer = estimate(LLAMA_70B, 312, NAME)
    assert round(answer.mid_wh, 4) == 0.1279
    assert [part.name for part in answer.parts] == [PartName.WEIGHTS, PartName.COMPUTE, PartName.GPUS]


def test_what_was_read_and_the_context_by_hand() -> None:
    # Prompt: 0.0025*70.6*10,000 = 1765 J.
    # Context: (10,000 + 200 - 500)/1000 * 0.010 * sqrt(70.6) * 400 = 326 J.
    # Writing: 0.867813 * 400 = 347.1 J. Together 2438.2 J * 1.7 / 3600 = 1.15136 Wh.
    answer = estimate(LLAMA_70B, 400, NAME, tokens_in=10_000)
    parts = {part.name: part.energy_wh for part in answer.parts}
    assert parts[PartName.PROMPT] == pytest.approx(1765 * 1.7 / 3600)
    assert parts[PartName.CONTEXT] == pytest.approx(326.014 * 1.7 / 3600, rel=1e-4)
    assert answer.mid_wh == pytest.approx(1.15136, rel=1e-4)
    assert answer.reading_wh == parts[PartName.PROMPT]
    assert 5 < answer.mid_wh / estimate(LLAMA_70B, 400, NAME).mid_wh < 8


def test_the_experts_of_maverick_by_hand() -> None:
    # R = (400-17)/(1-1/128) = 386.02 and S = 13.98; (127/128)^64 = 0.60535 of the experts stay untouched.
    size = MAVERICK.served_sizes()[1]
    assert weights_read_b(size, 1) == pytest.approx(17)
    assert weights_read_b(size, 64) == pytest.approx(400 - 386.0157 * 0.605347, rel=1e-4)
    assert weights_read_b(ServedSize(400, 17), 64) > 1.9 * weights_read_b(size, 64)


def test_the_range_by_hand() -> None:
    # Low: batch 256 on 1 card of 180 GB: 0.115828 + 0.1765 + 0.057 = 0.349328 J; doubts 2 and 1.7/1.4.
    # High: batch 16 on 4 cards: 1.85325 + 0.1765 + 0.228 = 2.25775 J; doubts 2 and 2.4/1.7.
    answer = estimate(LLAMA_70B, 1000, NAME)
    assert answer.low_wh == pytest.approx(0.349328 / 2.0538 * 1700 / 3600, rel=1e-3)
    assert answer.high_wh == pytest.approx(2.25775 * 2.1688 * 1700 / 3600, rel=1e-2)


def test_a_cached_prompt_costs_a_tenth_and_a_slow_one_four_times_as_much() -> None:
    short, long = (estimate(LLAMA_70B, 400, NAME, tokens_in=n, context_tokens=0) for n in (0, 1000))
    prompt_wh = 176.5 * 1.7 / 3600
    assert long.low_wh - short.low_wh == pytest.approx(
        (short.low_wh * 0 + 0.1 * prompt_wh) / 2.0538, rel=1e-3
    )
    assert (long.high_wh - short.high_wh) / prompt_wh == pytest.approx(4 * 2.1688, rel=1e-2)


def test_a_known_load_narrows_the_range_and_a_measured_one_more_so() -> None:
    widths = []
    for hosting in (CLOUD, own_server("H100", 4, 64), own_server("H100", 4, 64, is_measured=True)):
        answer = estimate(LLAMA_70B, 400, NAME, hosting=hosting)
        widths.append(answer.high_wh / answer.low_wh)
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 2 * widths[2]


def test_a_secret_size_is_at_least_as_doubtful_as_in_the_first_version() -> None:
    first, second = (estimate(SECRET, 400, name) for name in ("physical-2026", NAME))
    assert second.low_wh < first.low_wh * 1.1
    assert second.high_wh >= first.high_wh * 0.9


def test_a_load_may_be_given_as_fewest_usual_and_most() -> None:
    narrow, wide = (estimate(MIXTRAL, 400, NAME, batch=load) for load in (Interval(64, 64, 64), 64))
    assert narrow.mid_wh == wide.mid_wh
    assert wide.low_wh < narrow.low_wh < narrow.high_wh < wide.high_wh


@given(any_shape, token_counts, st.integers(0, 100_000))
def test_reading_more_never_costs_less(shape: ModelShape, tokens: int, read: int) -> None:
    little, much = (estimate(shape, tokens, NAME, tokens_in=n) for n in (read, 2 * read))
    assert little.low_wh <= much.low_wh * (1 + 1e-9)
    assert little.mid_wh <= much.mid_wh * (1 + 1e-9)
    assert sum(part.share for part in much.parts) == pytest.approx(1)
    assert much.low_wh < much.mid_wh < much.high_wh
