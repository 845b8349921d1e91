"""Measured energy of one model at its smallest and its largest load."""

from dataclasses import dataclass

from science.energy.evaluation import Measurement, read_measurements
from web.formatting import format_int, format_significant

MODEL, GPU = "Llama 3.1 8B Instruct", "B200"


@dataclass(frozen=True, slots=True)
class LoadExample:
    """One model on one card: joules per token written, for few answers at once and for many."""

    alone: Measurement
    crowd: Measurement

    @property
    def few(self) -> str:
        return format_int(self.alone.batch)

    @property
    def many(self) -> str:
        return format_int(self.crowd.batch)

    @property
    def joules_few(self) -> str:
        return format_significant(self.alone.joules_per_token)

    @property
    def joules_many(self) -> str:
        return format_significant(self.crowd.joules_per_token)

    @property
    def factor(self) -> str:
        """How many times more a token takes with few answers at once."""
        return format_significant(self.alone.joules_per_token / self.crowd.joules_per_token, digits=1)


def load_example() -> LoadExample:
    runs = [run for run in read_measurements() if (run.model, run.gpu) == (MODEL, GPU)]
    return LoadExample(
        min(runs, key=lambda run: run.batch),
        max(runs, key=lambda run: run.batch),
    )
