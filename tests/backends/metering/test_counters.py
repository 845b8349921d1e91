"""Joules of the processor and of the cards, or nothing where the machine does not tell them."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from backends.metering import counters
from backends.metering.counters import Card, RaplCounter


def make_zone(folder: Path, number: int, microjoules: int, name: str = "package-0") -> Path:
    zone = folder / f"intel-rapl:{number}"
    zone.mkdir()
    (zone / "name").write_text(f"{name}\n")
    (zone / "max_energy_range_uj").write_text("10000000\n")
    (zone / "energy_uj").write_text(f"{microjoules}\n")
    return zone


def test_packages_add_up_over_the_end_of_their_counter(tmp_path: Path) -> None:
    first, second = make_zone(tmp_path, 0, 9_000_000), make_zone(tmp_path, 1, 0, "package-1")
    whole = make_zone(tmp_path, 2, 0, "psys")  # counts both again
    rapl = RaplCounter(tmp_path)
    assert rapl.joules() == 0
    (first / "energy_uj").write_text("1000000")  # it began again at zero
    (second / "energy_uj").write_text("500000")
    (whole / "energy_uj").write_text("9900000")
    assert rapl.joules() == pytest.approx(2.5)
    assert rapl.joules() == pytest.approx(2.5)


def test_without_rapl_or_the_right_to_read_it_nothing_is_known(tmp_path: Path) -> None:
    assert RaplCounter(tmp_path / "absent").joules() is None
    (make_zone(tmp_path, 0, 5) / "energy_uj").unlink()
    assert RaplCounter(tmp_path).joules() is None


class NVMLError(Exception):
    """Of the package."""


def nvml(**functions: object) -> SimpleNamespace:
    """NVIDIA's package with two cards."""
    usual = {
        "NVMLError": NVMLError,
        "nvmlInit": lambda: None,
        "nvmlDeviceGetCount": lambda: 2,
        "nvmlDeviceGetHandleByIndex": lambda rank: rank,
        "nvmlDeviceGetTotalEnergyConsumption": lambda card: (card + 1) * 1_500,
        "nvmlDeviceGetComputeRunningProcesses": lambda card: [SimpleNamespace(pid=40 + card)],
    }
    return SimpleNamespace(__spec__=SimpleNamespace(), **(usual | functions))


def refuses(*_: object) -> None:
    raise NVMLError


@pytest.mark.parametrize(
    ("module", "cards"),
    [
        (nvml(), {0: Card(1.5, frozenset({40})), 1: Card(3.0, frozenset({41}))}),
        (
            nvml(nvmlDeviceGetComputeRunningProcesses=refuses),
            {0: Card(1.5, frozenset()), 1: Card(3.0, frozenset())},
        ),
        (nvml(nvmlInit=refuses), {}),  # the package is there, the driver is not
        (nvml(nvmlDeviceGetTotalEnergyConsumption=refuses), {}),  # cards before Volta
        (nvml(nvmlDeviceGetCount=lambda: 0), {}),
    ],
    ids=["two", "no processes listed", "no driver", "old", "none"],
)
def test_the_cards_tell_their_joules_and_processes_through_nvidias_package(
    module: SimpleNamespace, cards: dict[int, Card], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, counters.NVML_MODULE, module)  # type: ignore[arg-type]
    counters.nvml_module.cache_clear()
    try:
        assert counters.read_cards() == cards
    finally:
        counters.nvml_module.cache_clear()


def test_without_the_package_no_card_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, counters.NVML_MODULE, raising=False)
    monkeypatch.setattr(counters, "NVML_MODULE", "no_such_package")
    counters.nvml_module.cache_clear()
    assert counters.read_cards() == {}
    counters.nvml_module.cache_clear()
