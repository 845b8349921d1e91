"""The model has another name; its table and its columns stay as they are."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("duels", "0013_standard_field_names"),
    ]

    operations = [
        migrations.AlterModelTable(name="remark", table="duels_remark"),
        migrations.RenameModel(old_name="Remark", new_name="VoteComment"),
        migrations.AlterField(
            model_name="votecomment",
            name="vote",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="comments", to="duels.vote"
            ),
        ),
    ]
