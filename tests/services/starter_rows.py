"""The starter catalogue in the database: it is loaded once, then its rows are copied inside PostgreSQL.

Loading takes a second of processor time, as hundreds of queries; a copy takes some milliseconds.
"""

from django.db import connection, transaction

from models_registry.models import LanguageModel, Licence, Organisation, Source
from models_registry.seed.load import load_catalogue
from models_registry.seed.read import read_catalogue

SCHEMA = "starter"  # Django neither lists nor empties the tables of another schema
TABLES = [kind._meta.db_table for kind in (Organisation, Licence, LanguageModel)]
TABLE_OF_SOURCES = Source._meta.db_table


@transaction.atomic
def store() -> None:
    """Load the catalogue, move its rows to the schema, and leave the tables as they were."""
    load_catalogue(read_catalogue())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        for table in (*TABLES, TABLE_OF_SOURCES):
            cursor.execute(f"CREATE TABLE {SCHEMA}.{table} AS TABLE {table}")
        for table in (TABLE_OF_SOURCES, *reversed(TABLES)):
            cursor.execute(f"DELETE FROM {table}")


def insert() -> None:
    """Every organisation, licence and model, with the keys that they were loaded with."""
    _insert(*TABLES)


def insert_sources() -> None:
    _insert(TABLE_OF_SOURCES)


def _insert(*tables: str) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"INSERT INTO {table} TABLE {SCHEMA}.{table}")
