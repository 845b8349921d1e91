from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def take_heads_of_seats(apps, schema_editor):
    """Ballots of workshops that are under way count what they counted."""
    seats = apps.get_model("workshops", "Seat").objects.filter(pk=OuterRef("seat_id"))
    apps.get_model("workshops", "RoundBallot").objects.update(heads=Subquery(seats.values("heads")))


class Migration(migrations.Migration):
    dependencies = [("workshops", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="round",
            name="compromise",
            field=models.CharField(
                blank=True, choices=[("", "None"), ("random", "Random"), ("again", "Again")], max_length=10
            ),
        ),
        migrations.AddField(
            model_name="round", name="pair", field=models.CharField(blank=True, max_length=30)
        ),
        migrations.AddField(
            model_name="roundballot", name="heads", field=models.PositiveSmallIntegerField(default=1)
        ),
        migrations.RunPython(take_heads_of_seats, migrations.RunPython.noop),
    ]
