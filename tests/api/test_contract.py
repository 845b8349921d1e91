"""Every operation keeps to its own description, whatever it is asked; schemathesis asks."""

from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api.openapi import DOCUMENT, operation_paths
from leaderboard.ranking.publish import compute_due
from tests.leaderboard.sample_ballots import an_arena_with_votes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files"), pytest.mark.slow]
CHECKED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
POSITIVE = schemathesis.GenerationMode.POSITIVE
CALLS_OF_EACH = 12


@pytest.fixture(autouse=True)
def _one_transaction() -> Iterator[None]:
    """The connection stays that of the test from request to request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_operation_answers_as_described() -> None:
    an_arena_with_votes()
    compute_due()
    description = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    asked = settings(
        max_examples=CALLS_OF_EACH,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    called = set()
    for operation in (found.ok() for found in description.get_all_operations()):
        # Any text is a name: only what is in the query can be wrong.
        modes = list(schemathesis.GenerationMode) if list(operation.query) else [POSITIVE]
        for mode in modes:

            @asked
            @given(case=operation.as_strategy(generation_mode=mode))
            def call(case: schemathesis.Case) -> None:
                case.call_and_validate(checks=CHECKED, headers={"Accept-Encoding": "identity"})

            call()
        called.add(operation.path)
    assert called | {DOCUMENT} == set(operation_paths().values())  # it has read that one to begin with
