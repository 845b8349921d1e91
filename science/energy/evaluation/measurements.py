"""Measured energies of the ML.ENERGY benchmark: the chats that constants are fitted on, and test rows.

Its other tasks are out of scope: a duel has text alone, so image-chat and video-chat read what no prompt here
can hold, and text-to-image and text-to-video write no tokens.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from science.energy.shape import Architecture, ModelShape


class Task(StrEnum):
    """The task that the models were given; constants are fitted on chats only, the rest are test rows."""

    CHAT = "chat"
    REASONING = "reasoning"
    CODE = "code"


TABLES = {
    Task.CHAT: Path(__file__).with_name("measured_chat.csv"),
    Task.REASONING: Path(__file__).with_name("measured_gpqa.csv"),
    Task.CODE: Path(__file__).with_name("measured_code.csv"),
}


@dataclass(frozen=True)
class Measurement:
    """One run of the benchmark: joules of GPU per output token, all cards together.

    batch: largest number of conversations served together; mean_batch: their mean number.
    output_tokens: mean length of an answer. The length of the prompts is not published.
    """

    task: Task
    model: str
    family: str
    architecture: str
    total_params_b: float
    active_params_b: float
    experts_total: int | None
    experts_active: int | None
    weight_bits: float
    gpu: str
    gpu_count: int
    batch: int
    mean_batch: float
    output_tokens: float
    joules_per_token: float

    @property
    def shape(self) -> ModelShape:
        """The shape to estimate with; a hybrid of attention and state space counts as dense."""
        if self.architecture == Architecture.MIXTURE_OF_EXPERTS:
            return ModelShape(
                Architecture.MIXTURE_OF_EXPERTS,
                self.total_params_b,
                self.active_params_b,
                self.weight_bits,
                experts_total=self.experts_total,
                experts_active=self.experts_active,
            )
        return ModelShape(Architecture.DENSE, self.total_params_b, weight_bits=self.weight_bits)


@cache
def read_measurements(task: Task = Task.CHAT) -> tuple[Measurement, ...]:
    """All the runs of a task; lines of its table that begin with # say where they come from."""
    with TABLES[task].open(encoding="utf-8") as lines:
        rows = csv.DictReader(line for line in lines if not line.startswith("#"))
        return tuple(_measurement(task, row) for row in rows)


def _measurement(task: Task, row: dict[str, str]) -> Measurement:
    return Measurement(
        task=task,
        model=row["model"],
        family=row["family"],
        architecture=row["architecture"],
        total_params_b=float(row["total_params_b"]),
        active_params_b=float(row["active_params_b"]),
        experts_total=int(row["experts_total"]) if row["experts_total"] else None,
        experts_active=int(row["experts_active"]) if row["experts_active"] else None,
        weight_bits=float(row["weight_bits"]),
        gpu=row["gpu"],
        gpu_count=int(row["gpu_count"]),
        batch=int(row["batch"]),
        mean_batch=float(row["mean_batch"]),
        output_tokens=float(row["output_tokens"]),
        joules_per_token=float(row["joules_per_token"]),
    )
