"""/metrics: closed without the token; every figure is there whoever has counted it; no address, no text."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.utils import ConnectionHandler
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from pytest_django.fixtures import Settings

from conso_duel.operations.prometheus import last_key
from duels import valkey
from duels.models import Answer, Duel, Share, Vote
from duels.worker import answer_metrics
from models_registry.models import Endpoint, LanguageModel
from tests import cast

pytestmark = pytest.mark.django_db

TOKEN = "un-mot-de-passe"


@pytest.fixture(autouse=True)
def token(settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN


def scrape(token: str = TOKEN) -> HttpResponse:
    return Client().get("/metrics", headers={"Authorization": f"Bearer {token}"})


def samples() -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample by its name and labels, as Prometheus' own reader understands them."""
    families = text_string_to_metric_families(scrape().content.decode())
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def value(name: str, **labels: object) -> float:
    return samples()[name, tuple(sorted((label, str(one)) for label, one in labels.items()))]


def ended(**facts: object) -> Answer:
    """An answer of petit-3b that took 3 s, recorded as a worker does."""
    answer = Answer.objects.get(side="a")
    now = timezone.now()
    for name, fact in {"started_at": now - timedelta(seconds=3), "finished_at": now, **facts}.items():
        setattr(answer, name, fact)
    answer_metrics.record_metrics(valkey.client(), [answer])
    return answer


@pytest.fixture
def duel(db: None) -> Iterator[None]:
    cast.make_duel(cast.petit_3b(), cast.grand_70b())
    yield


@pytest.mark.parametrize(
    "authorization", ["", "Bearer ", "Bearer autre", f"Basic {TOKEN}", TOKEN, "Bearer é"]
)
def test_without_the_token_there_is_no_such_page(authorization: str) -> None:
    assert Client().get("/metrics", headers={"Authorization": authorization}).status_code == 404


@pytest.mark.parametrize("authorization", ["Bearer ", "Bearer"])
def test_where_no_token_is_set_nobody_is_let_in(settings: Settings, authorization: str) -> None:
    settings.METRICS_TOKEN = ""
    assert Client().get("/metrics", headers={"Authorization": authorization}).status_code == 404


def test_answers_tokens_and_failures_are_counted_by_endpoint(duel: None) -> None:
    endpoint = ended(tokens_in=12, tokens_out=200, reasoning_tokens=30, ttft_ms=240).endpoint_id
    ended(tokens_in=None, tokens_out=50, reasoning_tokens=0, ttft_ms=4_000)
    failed = {"state": Answer.State.FAILED, "failure": Answer.Failure.CUT, "tokens_out": 0, "tokens_in": None}
    ended(**failed, reasoning_tokens=0, ttft_ms=None)
    assert value("conso_answers_total", endpoint=endpoint, state="done") == 2
    assert value("conso_answer_failures_total", endpoint=endpoint, reason="cut") == 1
    assert value("conso_tokens_total", endpoint=endpoint, kind="out") == 250
    assert value("conso_tokens_total", endpoint=endpoint, kind="reasoning") == 30
    assert value("conso_tokens_total", endpoint=endpoint, kind="in") == 12


def test_latencies_are_histograms_that_add_up(duel: None) -> None:
    for ttft_ms in (40, 240, 4_000, 400_000):
        ended(ttft_ms=ttft_ms)
    name = "conso_time_to_first_token_seconds"
    counts = [value(f"{name}_bucket", le=le) for le in ("0.1", "0.25", "0.5", "2.0", "5.0", "60.0", "+Inf")]
    assert counts == [1, 2, 2, 2, 3, 3, 4]
    assert value(f"{name}_count") == 4
    assert value(f"{name}_sum") == pytest.approx(404.28)
    assert value("conso_answer_duration_seconds_bucket", le="5.0") == 4


def test_what_waits_is_read_from_the_database(duel: None) -> None:
    Answer.objects.filter(side="b").update(
        state=Answer.State.WAITING, queued_at=timezone.now() - timedelta(seconds=90)
    )
    assert value("conso_answers_unfinished", state="waiting") == 1
    assert value("conso_answers_unfinished", state="streaming") == 0
    assert 90 <= value("conso_oldest_wait_seconds") < 120


TOTALS = ("conso_duels_total", "conso_votes_total")


def test_totals_grow_with_each_duel_and_vote_and_outlive_their_deletion() -> None:
    petit, grand = cast.petit_3b(), cast.grand_70b()
    cast.vote(cast.make_duel(petit, grand))
    before = [value(name) for name in TOTALS]
    cast.vote(cast.make_duel(petit, grand))
    assert [value(name) for name in TOTALS] == [total + 1 for total in before]
    Duel.objects.all().delete()
    assert not Vote.objects.exists()
    assert [value(name) for name in TOTALS] == [total + 1 for total in before]


@pytest.mark.django_db(transaction=True)
def test_totals_are_nought_before_the_first_duel() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE duels_duel, duels_vote RESTART IDENTITY CASCADE")
    assert [value(name) for name in TOTALS] == [0, 0]


def test_totals_are_the_same_on_sqlite(tmp_path: Path) -> None:
    file = tmp_path / "totals.sqlite3"  # Django never closes a database in memory
    databases = ConnectionHandler({"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": file}})
    database = databases["default"]
    try:
        with database.schema_editor() as editor:
            editor.create_model(Share)
        assert last_key(database, Share) == 0
        table = Share._meta.db_table
        with database.cursor() as cursor:
            cursor.execute("PRAGMA foreign_keys = OFF")
            values = "(code, duel_id, with_text, created_at) VALUES ('{0}', {0}, 1, '2026-01-01')"
            for number in (1, 2, 3):
                cursor.execute(f"INSERT INTO {table} {values.format(number)}")
            cursor.execute(f"DELETE FROM {table} WHERE id > 1")
        assert last_key(database, Share) == 3
    finally:
        database.close()


def test_an_endpoint_is_in_one_state_of_health(duel: None) -> None:
    endpoint = Endpoint.objects.select_related("model").order_by("pk")[0]
    for _ in range(3):
        endpoint.record_failure("silent: nothing")
    labels = {"endpoint": endpoint.pk, "model": endpoint.model.slug}
    assert value("conso_endpoint_health", **labels, health="paused") == 1
    assert value("conso_endpoint_health", **labels, health="answers") == 0
    assert value("conso_endpoint_consecutive_failures", **labels) == 3
    assert value("conso_endpoint_spent_today_eur", **labels) == 0


def test_every_family_has_a_description_and_a_sample(duel: None) -> None:
    ended(state=Answer.State.FAILED, failure=Answer.Failure.SILENT, tokens_out=3, ttft_ms=5)
    families = list(text_string_to_metric_families(scrape().content.decode()))
    assert {family.name for family in families if family.documentation and family.samples} == {
        "conso_duels",
        "conso_votes",
        "conso_answers",
        "conso_answer_failures",
        "conso_tokens",
        "conso_time_to_first_token_seconds",
        "conso_answer_duration_seconds",
        "conso_answers_unfinished",
        "conso_oldest_wait_seconds",
        "conso_votes_last_minute",
        "conso_queue_length",
        "conso_workers",
        "conso_beat_up",
        "conso_redis_up",
        "conso_redis_memory_bytes",
        "conso_endpoint_health",
        "conso_endpoint_consecutive_failures",
        "conso_endpoint_spent_today_eur",
    }


def test_without_valkey_the_rest_is_still_there(duel: None, without_valkey: None) -> None:
    down_samples = samples()
    assert down_samples["conso_redis_up", ()] == 0
    assert ("conso_workers", ()) not in down_samples
    assert down_samples["conso_duels_total", ()] > 0


def test_a_label_cannot_break_its_line(duel: None) -> None:
    slug = 'a"b\\c\nd'
    LanguageModel.objects.filter(pk=Endpoint.objects.values("model")[:1]).update(slug=slug)
    assert slug in {dict(labels).get("model") for _, labels in samples()}


def test_the_figures_name_no_duel_and_no_question(duel: None) -> None:
    ended()
    text = scrape().content.decode()
    assert cast.PROMPT not in text
    assert cast.A_VISITOR not in text
