from typing import Any

from django.db import migrations, models
from django.db.models.functions import Now


def as_first_given(apps: Any, schema_editor: Any) -> None:
    """Of the reactions that are there, nobody knows which were changed later."""
    apps.get_model("duels", "Reaction").objects.update(changed_at=models.F("created_at"))


class Migration(migrations.Migration):
    dependencies = [
        ("duels", "0010_answer_cut"),
    ]

    operations = [
        migrations.AddField(
            model_name="reaction",
            name="changed_at",
            field=models.DateTimeField(auto_now=True, db_default=Now()),
        ),
        migrations.RunPython(as_first_given, migrations.RunPython.noop),
    ]
