import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

import duels.models


def share_as_before(apps, schema_editor):
    """Who shared a duel shared its texts, too: it gets a link that shows them."""
    Duel, Share = apps.get_model("duels", "Duel"), apps.get_model("duels", "Share")
    shared = Duel.objects.filter(shared_at__isnull=False).values_list("pk", flat=True)
    Share.objects.bulk_create(
        (Share(duel_id=pk, code=duels.models.new_code(), with_text=True) for pk in shared.iterator()), batch_size=500
    )


def date_as_before(apps, schema_editor):
    Duel = apps.get_model("duels", "Duel")
    Duel.objects.filter(share__with_text=True).update(shared_at=timezone.now())
    Duel.objects.filter(share__isnull=True).update(shared_at=None)


class Migration(migrations.Migration):
    dependencies = [
        ("duels", "0006_sharing"),
    ]

    operations = [
        migrations.CreateModel(
            name="Share",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(default=duels.models.new_code, editable=False, max_length=32, unique=True)),
                ("with_text", models.BooleanField(default=False)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "duel",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="share", to="duels.duel"
                    ),
                ),
            ],
        ),
        migrations.RunPython(share_as_before, date_as_before),
        # The column goes with 0008: web servers of the version before still read it during an update.
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="duel", name="shared_at")],
        ),
    ]
