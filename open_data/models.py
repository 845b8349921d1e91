"""Codes of published duels, releases and their files."""

from typing import Any

from django.db import models

from duels.models import Duel, new_code


class PublishedDuel(models.Model):
    """A duel whose vote was published, under a code of its own: random, and derived from nobody.

    The row outlives the duel, so that every later release can name what was removed.
    """

    duel = models.OneToOneField(Duel, models.SET_NULL, null=True, related_name="+")
    code = models.CharField(max_length=32, unique=True, default=new_code, editable=False)
    month = models.CharField(max_length=7)  # 2026-10
    with_texts = models.BooleanField(default=False)  # in one release at least

    def __str__(self) -> str:
        return self.code


class Release(models.Model):
    """One state of the published files; a new one is stored when a byte of them changes."""

    digest = models.CharField(max_length=64)  # SHA-256 of the manifest, in hexadecimal
    manifest: Any = models.JSONField()
    published_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.digest


class ReleasedFile(models.Model):
    """A file of the newest release. In the database: web servers and workers may share no disk."""

    name = models.CharField(max_length=80, unique=True)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name
