"""The measured energies that the methods are checked against."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from science.energy.shape import Architecture, ModelShape

TABLE = Path(__file__).with_name("measurements.csv")


@dataclass(frozen=True)
class Measurement:
    """One run of the ML.ENERGY benchmark: joules of GPU per output token, all cards together."""

    model: str
    family: str
    architecture: str
    total_params_b: float
    active_params_b: float
    weight_bits: int
    gpu: str
    gpu_count: int
    batch: int
    joules_per_token: float

    @property
    def shape(self) -> ModelShape:
        """The shape to estimate with; a hybrid of attention and state space counts as dense."""
        if self.architecture == Architecture.MIXTURE_OF_EXPERTS:
            return ModelShape(
                Architecture.MIXTURE_OF_EXPERTS, self.total_params_b, self.active_params_b, self.weight_bits
            )
        return ModelShape(Architecture.DENSE, self.total_params_b, weight_bits=self.weight_bits)


def read_measurements(table: Path = TABLE) -> tuple[Measurement, ...]:
    """All the runs of the table; lines that begin with # say where they come from."""
    with table.open(encoding="utf-8") as lines:
        return tuple(_measurement(row) for row in csv.DictReader(_without_comments(lines)))


def _without_comments(lines: Iterable[str]) -> Iterator[str]:
    return (line for line in lines if not line.startswith("#"))


def _measurement(row: dict[str, str]) -> Measurement:
    return Measurement(
        model=row["model"],
        family=row["family"],
        architecture=row["architecture"],
        total_params_b=float(row["total_params_b"]),
        active_params_b=float(row["active_params_b"]),
        weight_bits=int(row["weight_bits"]),
        gpu=row["gpu"],
        gpu_count=int(row["gpu_count"]),
        batch=int(row["batch"]),
        joules_per_token=float(row["joules_per_token"]),
    )
