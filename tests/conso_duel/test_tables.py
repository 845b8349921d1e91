"""The tables that the migrations make are those that the models describe."""

import pytest
from django.apps import apps
from django.db import connection

pytestmark = pytest.mark.django_db


def test_no_table_keeps_a_column_that_no_model_knows() -> None:
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = connection.introspection.get_table_description(cursor, model._meta.db_table)
            known = {field.column for field in model._meta.local_concrete_fields}
            assert {column.name for column in table} == known, model
