"""A client as workers and pages have it: text in, text out."""

from collections.abc import Iterator

import pytest
import redis


@pytest.fixture
def client(valkey_server: str, valkey_client: redis.Redis) -> Iterator[redis.Redis]:
    """A client of an empty Valkey that gives text."""
    with redis.Redis.from_url(valkey_server, decode_responses=True) as client:
        yield client
