from django.db import migrations, models


class Migration(migrations.Migration):
    """The column that 0007 left to the processes of the version before; none of them is left."""

    dependencies = [
        ("duels", "0007_share_links"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AddField(
                    model_name="duel", name="shared_at", field=models.DateTimeField(blank=True, null=True)
                )
            ],
        ),
        migrations.RemoveField(model_name="duel", name="shared_at"),
    ]
