"""Migrations of data keep what operators read."""

from importlib import import_module

import pytest
from django.apps import apps

from models_registry.discovery.probe import describe_last_error
from models_registry.models import Endpoint
from tests import cast

failure_reasons = import_module("models_registry.migrations.0006_failure_reasons")


@pytest.mark.django_db
def test_stored_errors_get_the_new_names_of_their_reasons_and_back() -> None:
    cast.petit_3b()
    old = ["refused: HTTP 401: non", "cut: ", "timeout: lent", "", "silently: rien"]
    new = ["unauthorized: HTTP 401: non", "connection_lost: ", "timeout: lent", "", "silently: rien"]
    endpoint = Endpoint.objects.get()
    for before, after in zip(old, new, strict=True):
        Endpoint.objects.update(last_error=before)
        failure_reasons.forwards(apps, None)
        endpoint.refresh_from_db()
        assert endpoint.last_error == after
        assert before == after or describe_last_error(after) != after
        failure_reasons.backwards(apps, None)
        endpoint.refresh_from_db()
        assert endpoint.last_error == before
