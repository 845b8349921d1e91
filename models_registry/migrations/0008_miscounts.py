"""Counts of tokens that cannot be, for the curator; stored errors without the words of a server.

Those words may quote a visitor's question: only the code of the error stays.
"""

from typing import Any

from django.db import migrations, models


def strip_words(apps: Any, schema_editor: Any) -> None:
    endpoints = apps.get_model("models_registry", "Endpoint").objects
    for endpoint in endpoints.filter(last_error__contains=": "):
        endpoint.last_error = endpoint.last_error.partition(": ")[0]
        endpoint.save(update_fields=["last_error"])


class Migration(migrations.Migration):
    dependencies = [("models_registry", "0007_hosting")]
    operations = [
        migrations.AddField(
            model_name="endpoint",
            name="miscount_own",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="endpoint",
            name="miscount_reported",
            field=models.BigIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="endpoint",
            name="miscounted_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="compte impossible le"
            ),
        ),
        migrations.RunPython(strip_words, migrations.RunPython.noop),
    ]
