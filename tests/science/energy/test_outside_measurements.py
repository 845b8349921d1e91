"""The table of published figures: anyone adds a row, and these tests say what is missing from it."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from science.energy import HostingKind, Interval, mix_named
from science.energy.constants import JOULES_PER_WH
from science.energy.evaluation.production import BUILDING, NODE_POWER_W, deepseek_production
from science.energy.outside_measurements import (
    TABLE,
    OutsideMeasurement,
    PublishedUnit,
    ReadAt,
    read_outside_measurements,
)

CASES = read_outside_measurements()
EveryCase = pytest.mark.parametrize("case", CASES, ids=[case.case for case in CASES])
FRENCH_SPACES = re.compile(r"\w [:;!?»%]|« |\d \d{3}|\w'\w")


def rewritten(folder: Path, change: Callable[[str], str]) -> Path:
    """The table with one change."""
    table = folder / "table.csv"
    table.write_text(change(TABLE.read_text(encoding="utf-8")), encoding="utf-8")
    return table


@EveryCase
def test_a_row_has_its_source_its_dates_and_its_reason(case: OutsideMeasurement) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", case.case)
    assert case.publisher and case.what_fr and case.what_en
    assert case.source.startswith("https://") and " " not in case.source
    assert re.fullmatch(r"\d{4}(-\d\d){0,2}", case.published_on)
    assert date.fromisoformat(f"{case.published_on}-01-01"[:10]) <= date.fromisoformat(case.read_on)
    assert case.why_fr.endswith(".") and case.why_en.endswith(".")
    assert not FRENCH_SPACES.search(case.what_fr + case.why_fr)


@EveryCase
def test_a_row_can_be_compared(case: OutsideMeasurement) -> None:
    assert bool(case.model) != bool(case.shape)
    assert case.counted_tokens_out > 0 and case.tokens_in >= 0
    if case.unit is PublishedUnit.CO2E_G:
        assert mix_named(case.mix)
    else:
        assert not case.mix
        assert case.published_wh.low > 0


def test_each_case_is_there_once_and_no_estimate_is_stored() -> None:
    assert len({case.case for case in CASES}) == len(CASES)
    head = next(line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    assert not {"ours", "estimate", "ratio", "inside"} & set(head.split(","))


def test_every_way_of_serving_and_of_reading_has_a_case() -> None:
    assert {case.hosting for case in CASES} == set(HostingKind)
    assert {case.read_at for case in CASES} == set(ReadAt)


def test_figures_per_token_are_turned_into_the_energy_of_the_answer() -> None:
    found = {case.case: case for case in CASES}
    assert found["m2-cpu-qwen-3b"].published_wh.mid == pytest.approx(1.4139 * 400 / JOULES_PER_WH)
    assert found["plug-mistral-7b"].published_wh.mid == pytest.approx(0.9639 * 400 / 1000)
    with pytest.raises(ValueError, match="no energy"):
        _ = found["mistral-large-2-fra"].published_wh


def test_deepseeks_figures_follow_from_what_it_publishes() -> None:
    found = {case.case: case for case in CASES}
    powers, buildings = (NODE_POWER_W.low, NODE_POWER_W.high), (BUILDING.low, BUILDING.high)
    for power_w, building, decoding, day in zip(
        powers, buildings, _ends(found["deepseek-decoding"]), _ends(found["deepseek-day"]), strict=True
    ):
        assert power_w * building / 14_800 == pytest.approx(decoding, abs=0.005)
        assert 226.75 * power_w * building * 86_400 / 168e9 == pytest.approx(day, abs=0.005)
    assert deepseek_production().published_wh.low == pytest.approx(
        found["deepseek-day"].published.low * 1000 / JOULES_PER_WH, rel=0.01
    )


def test_a_load_and_cards_that_are_published_are_those_of_the_estimate() -> None:
    found = {case.case: case for case in CASES}
    case = found["inferencemax-gpt-oss-1k8k"]
    assert case.place.load == Interval(128, 128, 128) and case.place.accelerator_count == 1
    # Its page: 0.49 Wh at best and 0.55 at worst for one B200 at 128; 0.11 for the long prompt.
    assert _ends(case) == (0.49, 0.55)
    assert found["inferencemax-gpt-oss-8k1k"].published.mid == 0.11


def _ends(case: OutsideMeasurement) -> tuple[float, float]:
    return case.published.low, case.published.high


@pytest.mark.parametrize(
    ("was", "becomes"),
    [(",measured,0.24,", ",guessed,0.24,"), (",measured,0.24,", ",measured,,"), (",0.24,", ",0,24,")],
)
def test_a_row_that_does_not_add_up_is_named(tmp_path: Path, was: str, becomes: str) -> None:
    with pytest.raises(ValueError, match="google-gemini-median"):
        read_outside_measurements(rewritten(tmp_path, lambda text: text.replace(was, becomes)))


def test_a_new_row_is_read(tmp_path: Path) -> None:
    row = "new,Me,2026-11,Quoi,What,,8,,16,,100,cloud,,,,,,measured,0.1,,,Wh,,"
    row += "https://example.org,2026-11-28,source,Parce que.,Because.\n"
    assert read_outside_measurements(rewritten(tmp_path, lambda text: text + row))[-1].case == "new"
