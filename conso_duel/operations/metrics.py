"""`/metrics`: figures for Prometheus, behind a token.

All are read at the scrape from what every process shares, Redis and the database: they are whole, whichever
web process answers.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping

import redis
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, Model
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from conso_duel.operations import workers
from duels import beat, valkey
from duels.models import Answer, Duel, Vote
from duels.worker import metrics as counters
from duels.worker.metrics import series
from models_registry.models import Endpoint, Health
from models_registry.spending import Spending

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Name, kind and meaning of each family, in the order in which they are written.
FAMILIES = (
    ("conso_duels_total", "counter", "Duels opened, those deleted since included."),
    ("conso_votes_total", "counter", "Blind votes, those deleted since included."),
    ("conso_answers_total", "counter", "Answers that ended, by endpoint and state."),
    ("conso_failures_total", "counter", "Answers that failed, by endpoint and reason."),
    ("conso_tokens_total", "counter", "Tokens read, written and reasoned, by endpoint."),
    ("conso_first_token_seconds", "histogram", "From the request to the model's first token."),
    ("conso_answer_seconds", "histogram", "From the claim of an answer to its end."),
    ("conso_answers_unfinished", "gauge", "Answers by state: waiting for a worker, or being written."),
    ("conso_oldest_wait_seconds", "gauge", "How long the first of the waiting answers has waited."),
    ("conso_queue_length", "gauge", "Tasks that no worker has taken."),
    ("conso_workers", "gauge", "Workers that listen."),
    ("conso_clock_ticks", "gauge", "1 while beat asks for its tasks."),
    ("conso_redis_up", "gauge", "1 while Redis answers."),
    ("conso_redis_memory_bytes", "gauge", "Memory that Redis uses."),
    ("conso_endpoint_health", "gauge", "1 for the state that the endpoint is in."),
    ("conso_endpoint_consecutive_failures", "gauge", "Failures since the endpoint last answered."),
    ("conso_endpoint_spent_today_eur", "gauge", "What the endpoint's answers cost today, in euros."),
)


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not _may_read(request):
        raise Http404
    return HttpResponse(exposition(collect()), content_type=CONTENT_TYPE)


def _may_read(request: HttpRequest) -> bool:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings.METRICS_TOKEN
    return bool(expected) and kind == "Bearer" and secrets.compare_digest(token.encode(), expected.encode())


def collect() -> dict[str, float]:
    """Every series with its value; without Redis, what the database knows."""
    found = dict(_from_database())
    try:
        found |= _from_redis(valkey.client())
    except redis.RedisError:
        found["conso_redis_up"] = 0
    return found


def _from_database() -> Iterator[tuple[str, float]]:
    for name, model in (("conso_duels_total", Duel), ("conso_votes_total", Vote)):
        yield name, last_key(connection, model)
    unfinished = Answer.objects.filter(state__in=(Answer.State.WAITING, Answer.State.STREAMING))
    counted = dict(unfinished.order_by().values_list("state").annotate(Count("pk")))
    for state in (Answer.State.WAITING, Answer.State.STREAMING):
        yield series("conso_answers_unfinished", state=state.value), counted.get(state, 0)
    yield "conso_oldest_wait_seconds", workers.oldest_wait_seconds()
    yield from _endpoints()


LAST_KEY = {
    "postgresql": "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass)",
    "sqlite": "SELECT max(seq) FROM sqlite_sequence WHERE name = %s",
}


def last_key(database: BaseDatabaseWrapper, model: type[Model]) -> int:
    """The last key that the table has given: it grows with each row, and stays when rows are deleted.

    At once, where counting the rows of a year would take minutes. An insert that was undone counts too.
    """
    with database.cursor() as cursor:
        cursor.execute(LAST_KEY[database.vendor], [model._meta.db_table])
        return int(cursor.fetchone()[0] or 0)


def _endpoints() -> Iterator[tuple[str, float]]:
    spent = dict(Spending.objects.filter(day=timezone.localdate()).values_list("endpoint", "amount_eur"))
    for endpoint in Endpoint.objects.select_related("model"):
        labels = {"endpoint": endpoint.pk, "model": endpoint.model.slug}
        now = endpoint.health
        for health in Health:
            yield series("conso_endpoint_health", **labels, health=health.value), now is health
        yield series("conso_endpoint_consecutive_failures", **labels), endpoint.consecutive_failures
        yield series("conso_endpoint_spent_today_eur", **labels), spent.get(endpoint.pk, 0)


def _from_redis(client: redis.Redis) -> dict[str, float]:
    memory: Mapping[str, int] = client.info("memory")
    return counters.read(client) | {
        "conso_redis_up": 1,
        "conso_redis_memory_bytes": memory["used_memory"],
        "conso_queue_length": workers.queue_length(client),
        "conso_workers": workers.worker_count(client),
        "conso_clock_ticks": beat.is_beat_alive(),
    }


def exposition(found: Mapping[str, float]) -> str:
    """The text that Prometheus reads: each family with its meaning, then its series."""
    lines = [line for name, kind, meaning in FAMILIES for line in _family(name, kind, meaning, found)]
    return "\n".join(lines) + "\n"


def _family(name: str, kind: str, meaning: str, found: Mapping[str, float]) -> Iterable[str]:
    names = {f"{name}_bucket", f"{name}_sum", f"{name}_count"} if kind == "histogram" else {name}
    values = [f"{one} {float(value):.15g}" for one, value in found.items() if one.partition("{")[0] in names]
    if not values:
        return []
    return [f"# HELP {name} {meaning}", f"# TYPE {name} {kind}", *values]
