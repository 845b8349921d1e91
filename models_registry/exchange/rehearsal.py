"""A copy of the registry in memory, in which an import can be rehearsed without locking the real one.

SQLite has one lock for all writers: a rehearsal in a transaction that is rolled back would hold up every new
duel for as long as it lasts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper

from models_registry.models import Endpoint, LanguageModel, Licence, Organisation, Source

ALIAS = "rehearsal"
TABLES: tuple[type[models.Model], ...] = (Organisation, Licence, LanguageModel, Source, Endpoint)
BATCH_SIZE = 500
_is_active: ContextVar[bool] = ContextVar("rehearsal", default=False)


class RehearsalRouter:
    """Database router: inside `rehearsal()`, every query on these tables goes to the copy."""

    def db_for_read(self, model: type[models.Model], **hints: Any) -> str | None:
        return ALIAS if _is_active.get() and model in TABLES else None

    db_for_write = db_for_read


@contextmanager
def rehearsal() -> Iterator[None]:
    """A block whose changes of the registry are made to a copy, and forgotten."""
    rows = [(model, list(model._base_manager.all())) for model in TABLES]
    settings = connections.configure_settings(
        {DEFAULT_DB_ALIAS: {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
    )
    connection = DatabaseWrapper(settings[DEFAULT_DB_ALIAS], alias=ALIAS)
    connections[ALIAS] = connection
    token = _is_active.set(True)
    try:
        with connection.schema_editor() as editor:
            for model in TABLES:
                editor.create_model(model)
        for model, copied in rows:
            model._base_manager.bulk_create(copied, batch_size=BATCH_SIZE)
        yield
    finally:
        _is_active.reset(token)
        del connections[ALIAS]
        BaseDatabaseWrapper.close(connection)  # SQLite's own ignores it for a database in memory
