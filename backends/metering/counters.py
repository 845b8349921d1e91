"""Counters of joules: RAPL for the processor, NVML for NVIDIA's cards.

Source: https://www.kernel.org/doc/html/latest/power/powercap/powercap.html and
https://docs.nvidia.com/deploy/nvml-api/group__nvmlDeviceQueries.html
"""

import importlib
import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

POWERCAP = Path("/sys/class/powercap")
MICROJOULES_PER_JOULE = 1_000_000
MILLIJOULES_PER_JOULE = 1_000
NVML_MODULE = "pynvml"  # of NVIDIA's package nvidia-ml-py


class RaplCounter:
    """The joules of every processor package since this object was made.

    None where there is no RAPL (most virtual machines and containers) or only root may read it.
    """

    def __init__(self, folder: Path = POWERCAP) -> None:
        self._packages = [zone for zone in sorted(folder.glob("intel-rapl:*")) if _is_package(zone)]
        self._last = self._read()
        self._joules = 0.0

    def joules(self) -> float | None:
        """The counters of the kernel start again at zero now and then; this one does not."""
        last, now = self._last, self._read()
        if last is None or now is None:
            return None
        for before, after, zone in zip(last, now, self._packages, strict=True):
            grown = after - before
            if grown < 0:
                grown += int((zone / "max_energy_range_uj").read_text())
            self._joules += grown / MICROJOULES_PER_JOULE
        self._last = now
        return self._joules

    def _read(self) -> list[int] | None:
        try:
            return [int((zone / "energy_uj").read_text()) for zone in self._packages] or None
        except (OSError, ValueError):
            return None


def _is_package(zone: Path) -> bool:
    """A whole processor: not one of its parts, nor the whole machine, which counts it again."""
    try:
        return (zone / "name").read_text().startswith("package")
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Card:
    """An NVIDIA card: joules since its driver was loaded, and the processes that compute on it.

    The processes have the numbers that the driver sees: those of the host, whatever container asks.
    """

    joules: float
    pids: frozenset[int]


def read_cards() -> dict[int, Card]:
    """The cards by their rank; none where nothing tells their joules."""
    nvml = nvml_module()
    if nvml is None:
        return {}
    try:
        return {
            rank: _read_card(nvml, nvml.nvmlDeviceGetHandleByIndex(rank))
            for rank in range(nvml.nvmlDeviceGetCount())
        }
    except nvml.NVMLError:
        return {}


def _read_card(nvml: Any, handle: Any) -> Card:
    joules = nvml.nvmlDeviceGetTotalEnergyConsumption(handle) / MILLIJOULES_PER_JOULE
    try:
        processes = nvml.nvmlDeviceGetComputeRunningProcesses(handle)
    except nvml.NVMLError:  # Windows’ own driver model does not tell them
        processes = []
    return Card(joules, frozenset(process.pid for process in processes))


@cache
def nvml_module() -> Any:
    """NVIDIA's package, if it is installed and finds its driver."""
    if importlib.util.find_spec(NVML_MODULE) is None:
        return None
    nvml = importlib.import_module(NVML_MODULE)
    try:
        nvml.nvmlInit()
    except nvml.NVMLError:
        return None
    return nvml
