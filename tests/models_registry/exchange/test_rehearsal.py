"""The copy of the registry that an import is rehearsed in."""

import sqlite3

import pytest
from django.db import connections

from models_registry.exchange.rehearsal import ALIAS, rehearsal


@pytest.mark.django_db
def test_the_copy_is_closed_at_the_end_of_the_rehearsal() -> None:
    with rehearsal():
        copy = connections[ALIAS].connection
        copy.execute("SELECT 1")
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        copy.execute("SELECT 1")
