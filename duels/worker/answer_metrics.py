"""Counters of all workers, in one Redis hash that /metrics reads.

Each field is the name of a metric and the values of its labels: `conso_answers_total|12|done`.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from math import inf

import redis

from duels.models import Answer

logger = logging.getLogger(__name__)

KEY = "conso-duel:metrics"
# Upper bounds of the buckets of each histogram, in seconds.
BUCKETS = {
    "conso_time_to_first_token_seconds": (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, inf),
    "conso_answer_duration_seconds": (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 180.0, inf),
}
# One command for all fields. KEYS: the hash. ARGV: fields and what is added to each, in turn.
ADD = """
for place = 1, #ARGV, 2 do
  redis.call('HINCRBYFLOAT', KEYS[1], ARGV[place], ARGV[place + 1])
end
"""


@dataclass(frozen=True, slots=True)
class WorkerMetrics:
    """The counters as they are stored: metric and label values, then the value."""

    values: Mapping[tuple[str, ...], float]

    def counter(self, name: str) -> Iterator[tuple[tuple[str, ...], float]]:
        """Label values and total of each series of this counter."""
        for (metric, *labels), total in self.values.items():
            if metric == name:
                yield tuple(labels), total

    def histogram(self, name: str) -> tuple[list[tuple[float, float]], float]:
        """Buckets as (upper bound, observations up to it), and the sum of what was observed."""
        counts = (self.values.get((name, str(bound)), 0.0) for bound in BUCKETS[name])
        return list(zip(BUCKETS[name], accumulate(counts), strict=True)), self.values.get((name, "sum"), 0.0)


def answer_metrics(answer: Answer) -> dict[str, float]:
    """The amounts that one ended answer adds to each field of the hash."""
    endpoint = answer.endpoint_id or "none"
    amounts: dict[str, float] = {_field("conso_answers_total", endpoint, answer.state): 1}
    if answer.failure:
        amounts[_field("conso_answer_failures_total", endpoint, answer.failure)] = 1
    tokens = {"in": answer.tokens_in, "out": answer.tokens_out, "reasoning": answer.reasoning_tokens}
    for kind, amount in tokens.items():
        if amount:
            amounts[_field("conso_tokens_total", endpoint, kind)] = amount
    if answer.ttft_ms is not None:
        amounts |= _observe("conso_time_to_first_token_seconds", answer.ttft_ms / 1000)
    if answer.started_at and answer.finished_at:
        seconds = (answer.finished_at - answer.started_at).total_seconds()
        amounts |= _observe("conso_answer_duration_seconds", max(seconds, 0.0))
    return amounts


def _observe(name: str, seconds: float) -> dict[str, float]:
    """One observation, stored in one bucket only: they are accumulated when they are read."""
    bound = next(bound for bound in BUCKETS[name] if seconds <= bound)
    return {_field(name, bound): 1, _field(name, "sum"): seconds}


def _field(name: str, *labels: object) -> str:
    return "|".join((name, *map(str, labels)))


def record_metrics(client: redis.Redis, answers: Iterable[Answer]) -> None:
    """Add answers that have ended to the counters of all workers; without Valkey they are not counted."""
    amounts: Counter[str] = Counter()
    for answer in answers:
        amounts.update(answer_metrics(answer))
    try:
        client.register_script(ADD)([KEY], [part for added in amounts.items() for part in added])
    except redis.RedisError as error:
        logger.warning("%d metrics are not counted: %s", len(amounts), type(error).__name__)


def read(client: redis.Redis) -> WorkerMetrics:
    """The counters of all workers; raises RedisError."""
    stored: dict[str, str] = client.hgetall(KEY)  # type: ignore[assignment]  # the blocking client's answer
    return WorkerMetrics({tuple(field.split("|")): float(value) for field, value in stored.items()})
