"""What all workers have done, counted in one Redis hash: each field is a series as Prometheus writes it."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import accumulate
from math import inf

import redis

from duels.models import Answer

logger = logging.getLogger(__name__)

KEY = "conso-duel:counters"
# Bounds of the histograms, in seconds.
BOUNDS = {
    "conso_first_token_seconds": (0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, inf),
    "conso_answer_seconds": (1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 180.0, inf),
}


def series(name: str, **labels: object) -> str:
    """`name{label="value"}`, the form in which Prometheus reads it."""
    if not labels:
        return name
    written = ",".join(f'{label}="{_escaped(str(value))}"' for label, value in labels.items())
    return f"{name}{{{written}}}"


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")


def answer_metrics(answer: Answer) -> dict[str, float]:
    """What one answer that has ended adds."""
    endpoint = answer.endpoint_id or "none"
    counted: dict[str, float] = {series("conso_answers_total", endpoint=endpoint, state=answer.state): 1}
    if answer.failure:
        counted[series("conso_failures_total", endpoint=endpoint, reason=answer.failure)] = 1
    tokens = {"in": answer.tokens_in, "out": answer.tokens_out, "reasoning": answer.reasoning_tokens}
    for kind, amount in tokens.items():
        if amount:
            counted[series("conso_tokens_total", endpoint=endpoint, kind=kind)] = amount
    if answer.ttft_ms is not None:
        counted |= _observed("conso_first_token_seconds", answer.ttft_ms / 1000)
    if answer.started_at and answer.finished_at:
        seconds = (answer.finished_at - answer.started_at).total_seconds()
        counted |= _observed("conso_answer_seconds", max(seconds, 0.0))
    return counted


def _observed(name: str, seconds: float) -> dict[str, float]:
    """One observation, in the one bucket it falls into: they are added up when they are read."""
    bound = next(bound for bound in BOUNDS[name] if seconds <= bound)
    return {series(name, le=bound): 1, f"{name}_sum": seconds}


def record_metrics(client: redis.Redis, answers: Iterable[Answer]) -> None:
    """Add answers that have ended to the counters of all workers; without Valkey they are not counted."""
    amounts: Counter[str] = Counter()
    for answer in answers:
        amounts.update(answer_metrics(answer))
    try:
        add(client, amounts)
    except redis.RedisError as error:
        logger.warning("%d series are not counted: %s", len(amounts), type(error).__name__)


def add(client: redis.Redis, amounts: Mapping[str, float]) -> None:
    """Adds to the counters, in one trip."""
    with client.pipeline(transaction=False) as pipeline:
        for field, amount in amounts.items():
            pipeline.hincrbyfloat(KEY, field, amount)
        pipeline.execute()


def read(client: redis.Redis) -> dict[str, float]:
    """Every series with its count; each bucket of a histogram holds all that is at most its bound."""
    stored: dict[str, str] = client.hgetall(KEY)  # type: ignore[assignment]  # the blocking client's answer
    counted = {field: float(count) for field, count in stored.items()}
    for name, bounds in BOUNDS.items():
        if f"{name}_sum" in counted:
            own = [counted.pop(series(name, le=bound), 0.0) for bound in bounds]
            written = [series(f"{name}_bucket", le="+Inf" if bound == inf else bound) for bound in bounds]
            counted |= dict(zip(written, accumulate(own), strict=True)) | {f"{name}_count": sum(own)}
    return counted
