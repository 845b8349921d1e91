"""Stored errors of endpoints begin with the reason's new name."""

from typing import Any

from django.db import migrations
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

RENAMED = {
    "refused": "unauthorized",
    "nonsense": "protocol_error",
    "silent": "no_output",
    "cut": "connection_lost",
}


def rename(apps: Any, names: dict[str, str]) -> None:
    endpoints = apps.get_model("models_registry", "Endpoint").objects
    for old, new in names.items():
        rest = Substr(F("last_error"), len(old) + 1)
        endpoints.filter(last_error__startswith=f"{old}: ").update(last_error=Concat(Value(new), rest))


def forwards(apps: Any, schema_editor: Any) -> None:
    rename(apps, RENAMED)


def backwards(apps: Any, schema_editor: Any) -> None:
    rename(apps, {new: old for old, new in RENAMED.items()})


class Migration(migrations.Migration):
    dependencies = [("models_registry", "0005_standard_field_names")]
    operations = [migrations.RunPython(forwards, backwards)]
