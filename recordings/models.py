"""Recorded duels of this site: those it offers to play, the duels played of them, the question of a day."""

import hashlib
import json
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from duels.models import Duel
from recordings.pack_format import RecordedDuel

TITLE_CHARACTERS = 160
CODE_CHARACTERS = 22


def fingerprint_of(recorded: RecordedDuel) -> str:
    """The same for the same recording, whatever pack brings it."""
    text = json.dumps(recorded, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


class Recording(models.Model):
    """A recorded duel. document: as in a pack (recordings/pack_format.py), checked when it was imported."""

    code = models.CharField(max_length=32, unique=True, editable=False)  # begins its fingerprint
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    title = models.CharField(_("question"), max_length=TITLE_CHARACTERS)
    recorded_on = models.DateField(_("joué le"))
    source = models.CharField(_("arène"), max_length=20)
    pack_title = models.CharField(_("paquet"), max_length=500)
    maker = models.CharField(_("composé par"), max_length=500)
    licence = models.CharField(_("licence"), max_length=500)
    licence_url = models.URLField(_("texte de la licence"), max_length=2_000)
    document: Any = models.JSONField(editable=False)
    is_offered = models.BooleanField(_("proposé sur « Duels enregistrés »"), default=True)
    imported_at = models.DateTimeField(_("importé"), auto_now_add=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("duel enregistré")
        verbose_name_plural = _("duels enregistrés")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("recordings:recording", args=[self.code])


class Replay(models.Model):
    """A duel that shows a recording to its visitor, or to a room."""

    duel = models.OneToOneField(Duel, models.CASCADE, related_name="replay")
    recording = models.ForeignKey(Recording, models.CASCADE, related_name="replays")

    def __str__(self) -> str:
        return f"{self.recording_id}: {self.duel_id}"


class DailyQuestion(models.Model):
    """The recorded duel that everybody is asked to judge on one day; a day without a row has none."""

    day = models.DateField(_("jour"), unique=True)
    recording = models.ForeignKey(
        Recording, models.CASCADE, related_name="days", verbose_name=_("duel enregistré")
    )

    class Meta:
        ordering = ["-day"]
        verbose_name = _("question du jour")
        verbose_name_plural = _("questions du jour")

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d}"
