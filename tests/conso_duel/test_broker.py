"""How tasks reach Redis: by one client, whatever Redis has forgotten meanwhile."""

from typing import Any

import pytest
import redis
from celery import shared_task
from kombu import Connection, Queue

from conso_duel.broker import Channel, Transport
from conso_duel.celery import app

QUEUE = "broker-test"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The clients that channels have made since."""
    clients: list[Any] = []
    create = Channel._create_client  # type: ignore[attr-defined]

    def count(self: Channel, asynchronous: bool = False) -> Any:
        clients.append(create(self, asynchronous))
        return clients[-1]

    monkeypatch.setattr(Channel, "_create_client", count)
    return clients


def test_celery_sends_by_our_transport() -> None:
    with app.connection_for_write() as connection:
        assert isinstance(connection.transport, Transport)


def test_one_client_sends_all_until_the_connections_are_dropped(
    valkey_client: redis.Redis, made: list[Any], settings: Any
) -> None:
    with Connection(settings.REDIS_URL, transport=Transport) as connection:
        producer = connection.Producer()
        channel = producer.channel
        producer.publish({}, routing_key=QUEUE)
        made.clear()
        for _ in range(2):
            producer.publish({}, routing_key=QUEUE)
        assert made == []
        channel._disconnect_pools()
        producer.publish({}, routing_key=QUEUE)
        assert len(made) == 1
        assert valkey_client.llen(QUEUE) == 4
        queue = Queue(QUEUE, channel=channel)
        assert queue.get(no_ack=True) is not None
    valkey_client.delete(QUEUE)


def test_a_task_is_queued_though_nothing_was_declared(valkey_client: redis.Redis) -> None:
    """As after a restart of a Redis that keeps nothing."""

    @shared_task
    def nothing() -> None:
        """Never run."""

    for key in valkey_client.scan_iter("_kombu*"):
        valkey_client.delete(key)
    nothing.apply_async(declare=[], queue=QUEUE)
    assert valkey_client.llen(QUEUE) == 1
    valkey_client.delete(QUEUE)
