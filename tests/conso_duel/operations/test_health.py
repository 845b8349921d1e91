"""/sante/: what works and what does not, for people and for machines, without a name or a secret."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from conso_duel.operations import health, workers
from duels import valkey
from duels.models import Answer
from duels.worker import beat
from tests import cast
from tests.waiting import wait_until

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_models(db: None) -> None:
    cast.petit_3b()
    cast.grand_70b()


@pytest.fixture
def working(two_models: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is well, with four workers."""
    monkeypatch.setattr(workers, "worker_count", lambda client: 4)
    beat.record_beat_tick()


def health_json(status: int = 200) -> dict[str, Any]:
    response = Client().get("/sante/", headers={"Accept": "application/json"})
    assert response.status_code == status
    return response.json()


def test_when_all_is_well_it_says_so(working: None) -> None:
    assert health_json() == {
        "state": "ok",
        "parts": {
            "database": {"name": "database", "state": "ok", "count": None},
            "broker": {"name": "broker", "state": "ok", "count": None},
            "workers": {"name": "workers", "state": "ok", "count": 4},
            "clock": {"name": "clock", "state": "ok", "count": None},
            "models": {"name": "models", "state": "ok", "count": 2},
        },
    }


def test_people_get_a_page_that_names_no_model(working: None) -> None:
    page = Client().get("/sante/").content.decode()
    assert "Tout fonctionne." in page
    assert "Petit-3B" not in page
    assert "127.0.0.1" not in page


def test_without_a_worker_it_is_degraded(two_models: None) -> None:
    beat.record_beat_tick()
    answer = health_json()
    assert (answer["state"], answer["parts"]["workers"]["state"]) == ("degraded", "down")


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_runs_is_counted(worker: None) -> None:
    wait_until(lambda: workers.worker_count(valkey.client()))
    assert health_json()["parts"]["workers"] == {"name": "workers", "state": "ok", "count": 1}


def test_a_worker_is_forgotten_when_it_gives_no_sign(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    workers.record_worker_heartbeat("celery@a:1")
    workers.record_worker_heartbeat("celery@b:1")
    monkeypatch.setattr(workers.time, "time", lambda: now + workers.HEARTBEAT_TIMEOUT_SECONDS - 1)
    workers.record_worker_heartbeat("celery@b:1")
    monkeypatch.setattr(workers.time, "time", lambda: now + workers.HEARTBEAT_TIMEOUT_SECONDS + 1)
    assert workers.worker_count(valkey.client()) == 1


def test_workers_that_do_not_keep_up_are_seen(working: None) -> None:
    duel = cast.make_duel(*cast_models())
    Answer.objects.filter(turn__duel=duel).update(
        state=Answer.State.WAITING, queued_at=timezone.now() - timedelta(seconds=40)
    )
    assert health_json()["parts"]["workers"]["state"] == "degraded"


def cast_models() -> Any:
    from models_registry.models import LanguageModel

    return LanguageModel.objects.order_by("pk")


def test_a_clock_that_has_stopped_is_seen(working: None) -> None:
    valkey.client().delete(beat.KEY)
    assert health_json()["parts"]["clock"]["state"] == "down"


def test_fewer_than_two_models_is_seen(working: None) -> None:
    cast_models()[0].endpoints.update(enabled=False)
    assert health_json()["parts"]["models"] == {"name": "models", "state": "degraded", "count": 1}


def test_a_model_whose_key_is_missing_is_counted_apart(working: None) -> None:
    cast_models()[0].endpoints.update(api_key_env="CLE_ABSENTE")
    parts = health_json()["parts"]
    assert parts["models"] == {"name": "models", "state": "degraded", "count": 1}
    assert parts["keys"] == {"name": "keys", "state": "degraded", "count": 1}


def test_without_valkey_pages_are_still_served(working: None, without_valkey: None) -> None:
    answer = health_json()
    assert answer["state"] == "degraded"
    assert answer["parts"]["broker"]["state"] == "down"


def test_without_a_database_it_is_down_within_seconds(working: None, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = connection.get_connection_params() | {"host": "127.0.0.1", "port": 9}
    monkeypatch.setattr(connection, "get_connection_params", lambda: dict(elsewhere))
    answer = health_json(status=503)
    assert answer["state"] == "down"
    assert set(answer["parts"]) == {"database", "broker"}


def test_asking_often_is_no_load(working: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health.time, "monotonic", lambda: 1_000.0)
    health_json()
    monkeypatch.setattr(health, "database", None)
    assert health_json()["state"] == "ok"
