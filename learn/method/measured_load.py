"""Measured examples: one model at few and at many answers at once, and long answers beside short ones."""

from dataclasses import dataclass

from science.energy.constants import BATCH
from science.energy.evaluation import Measurement, Task, read_measurements
from science.energy.shape import Architecture
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


@dataclass(frozen=True, slots=True)
class LongAnswers:
    """How many times longer a reasoning is than a chat, and how many times more energy its answer takes.

    Ends over the dense models that were measured on both, each on the same card at a load of 64.
    """

    length_low: str
    length_high: str
    energy_low: str
    energy_high: str


def long_answers() -> LongAnswers:
    chats = {(run.model, run.gpu): run for run in _dense_at_64(Task.CHAT)}
    pairs = [
        (chats[run.model, run.gpu], run)
        for run in _dense_at_64(Task.REASONING)
        if (run.model, run.gpu) in chats
    ]
    longer = [long.output_tokens / short.output_tokens for short, long in pairs]
    more = [_answer_j(long) / _answer_j(short) for short, long in pairs]
    return LongAnswers(*(format_int(end) for end in (min(longer), max(longer), min(more), max(more))))


def _dense_at_64(task: Task) -> list[Measurement]:
    return [
        run
        for run in read_measurements(task)
        if run.architecture == Architecture.DENSE and run.batch == BATCH.value
    ]


def _answer_j(run: Measurement) -> float:
    return run.output_tokens * run.joules_per_token
