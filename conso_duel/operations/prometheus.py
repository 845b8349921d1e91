"""`/metrics` for Prometheus, behind a token.

Every value is read at the scrape from Valkey and the database, which all processes share: whichever web
process replies, the values are those of the whole site.
"""

import secrets
from collections.abc import Iterable, Iterator
from math import inf

import redis
from django.conf import settings
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Count, Model
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from conso_duel.operations import workers
from duels import valkey
from duels.models import Answer, Duel, Vote
from duels.votes.vote_counting import votes_last_minute
from duels.worker import answer_metrics, beat
from models_registry.models import Endpoint, Health
from models_registry.spending import Spending

# Counters of the workers: name, description, labels.
WORKER_COUNTERS = (
    ("conso_answers_total", "Answers that ended, by endpoint and state.", ("endpoint", "state")),
    ("conso_answer_failures_total", "Answers that failed, by endpoint and reason.", ("endpoint", "reason")),
    ("conso_tokens_total", "Tokens read, written and reasoned, by endpoint.", ("endpoint", "kind")),
)
WORKER_HISTOGRAMS = (
    ("conso_time_to_first_token_seconds", "From the request to the model's first token."),
    ("conso_answer_duration_seconds", "From the claim of an answer to its end."),
)
LAST_KEY = {
    "postgresql": "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass)",
    "sqlite": "SELECT max(seq) FROM sqlite_sequence WHERE name = %s",
}


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    if not _is_authorized(request):
        raise Http404
    registry = CollectorRegistry(auto_describe=False)
    registry.register(SiteCollector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _is_authorized(request: HttpRequest) -> bool:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    expected = settings.METRICS_TOKEN
    return bool(expected) and kind == "Bearer" and secrets.compare_digest(token.encode(), expected.encode())


class SiteCollector(Collector):
    """The metrics of the whole site; without Valkey, those of the database only."""

    def collect(self) -> Iterable[Metric]:
        yield from _from_database()
        try:
            from_valkey = list(_from_valkey(valkey.client()))
        except redis.RedisError:
            from_valkey = [_redis_up(False)]
        yield from from_valkey


def _from_database() -> Iterator[Metric]:
    duels, votes = last_key(connection, Duel), last_key(connection, Vote)
    yield CounterMetricFamily("conso_duels_total", "Duels opened, those deleted since included.", duels)
    yield CounterMetricFamily("conso_votes_total", "Blind votes, those deleted since included.", votes)
    yield GaugeMetricFamily(
        "conso_votes_last_minute", "Blind votes cast within the last minute.", votes_last_minute()
    )
    yield _unfinished_answers()
    yield GaugeMetricFamily(
        "conso_oldest_wait_seconds",
        "How long the first of the waiting answers has waited.",
        workers.oldest_wait_seconds(),
    )
    yield from _endpoints()


def last_key(database: BaseDatabaseWrapper, model: type[Model]) -> int:
    """The last key that the table has given: it grows with each row, and stays when rows are deleted.

    Immediate, where counting the rows of a year would take minutes. An insert that was undone counts too.
    """
    with database.cursor() as cursor:
        cursor.execute(LAST_KEY[database.vendor], [model._meta.db_table])
        return int(cursor.fetchone()[0] or 0)


def _unfinished_answers() -> Metric:
    states = (Answer.State.WAITING, Answer.State.STREAMING)
    unfinished = Answer.objects.filter(state__in=states).order_by()
    counts = dict(unfinished.values_list("state").annotate(Count("pk")))
    family = GaugeMetricFamily(
        "conso_answers_unfinished",
        "Answers by state: waiting for a worker, or being written.",
        labels=["state"],
    )
    for state in states:
        family.add_metric([state.value], counts.get(state, 0))
    return family


def _endpoints() -> Iterator[Metric]:
    labels = ["endpoint", "model"]
    health = GaugeMetricFamily(
        "conso_endpoint_health", "1 for the state that the endpoint is in.", labels=[*labels, "health"]
    )
    failures = GaugeMetricFamily(
        "conso_endpoint_consecutive_failures", "Failures since the last successful answer.", labels=labels
    )
    spent_today = GaugeMetricFamily(
        "conso_endpoint_spent_today_eur", "What the endpoint's answers cost today, in euros.", labels=labels
    )
    spent = dict(Spending.objects.filter(day=timezone.localdate()).values_list("endpoint", "amount_eur"))
    for endpoint in Endpoint.objects.select_related("model"):
        values = [str(endpoint.pk), endpoint.model.slug]
        for state in Health:
            health.add_metric([*values, state.value], endpoint.health is state)
        failures.add_metric(values, endpoint.consecutive_failures)
        spent_today.add_metric(values, float(spent.get(endpoint.pk, 0)))
    yield from (health, failures, spent_today)


def _from_valkey(client: redis.Redis) -> Iterator[Metric]:
    memory: dict[str, int] = client.info("memory")
    stored = answer_metrics.read(client)
    yield _redis_up(True)
    yield GaugeMetricFamily("conso_redis_memory_bytes", "Memory that Redis uses.", memory["used_memory"])
    queue_length = workers.queue_length(client)
    yield GaugeMetricFamily("conso_queue_length", "Tasks that no worker has taken.", queue_length)
    yield GaugeMetricFamily("conso_workers", "Workers with a recent heartbeat.", workers.worker_count(client))
    yield GaugeMetricFamily("conso_beat_up", "1 while beat asks for its tasks.", beat.is_beat_alive())
    for name, description, labels in WORKER_COUNTERS:
        family = CounterMetricFamily(name, description, labels=labels)
        for values, total in stored.counter(name):
            family.add_metric(values, total)
        yield family
    for name, description in WORKER_HISTOGRAMS:
        buckets, total_seconds = stored.histogram(name)
        written = [("+Inf" if bound == inf else str(bound), count) for bound, count in buckets]
        yield HistogramMetricFamily(name, description, written, total_seconds)


def _redis_up(is_up: bool) -> Metric:
    return GaugeMetricFamily("conso_redis_up", "1 while Redis replies.", is_up)
