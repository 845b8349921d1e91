"""Ballots, which are counted, and snapshots of the ranking, which are published."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from duels.models import Duel, Vote
from models_registry.models import LanguageModel
from web.formatting import localized

LISTED_FROM = 300  # design decision: below, the interval says more than the score
ESTABLISHED_FROM = 1_000  # design decision: below, « préliminaire »

OWN_SCOPE = "conso-duel"
WHOLE_SCOPE = "ensemble"
SET_ASIDE = "set_aside"  # among the reasons of Exclusion: ballots that would count, but for a curator


class VoteSource(models.Model):
    """Another arena whose votes are imported."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(_("nom"), max_length=120)
    link = models.URLField(_("lien"), blank=True)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    imported_at = models.DateTimeField(_("importé le"), auto_now=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("source de votes")
        verbose_name_plural = _("sources de votes")

    def __str__(self) -> str:
        return self.name


class SetAside(models.Model):
    """Votes that a curator has set aside: of a period, of an arena, of one voter, or where all these meet.

    The reason is public. Lifted, the votes count again as before; the row stays, for the record.
    """

    since = models.DateTimeField(_("votés depuis le"), null=True, blank=True)
    until = models.DateTimeField(_("votés jusqu’au"), null=True, blank=True)
    source = models.ForeignKey(
        VoteSource,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("venus de l’arène"),
        help_text=_("Vide : les votes de ce site."),
    )
    voter = models.BigIntegerField(
        _("de la personne numéro"),
        null=True,
        blank=True,
        help_text=_("Un numéro de la liste des votants les plus actifs : il ne mène à aucun nom."),
    )
    reason_fr = models.CharField(_("raison publique, en français"), max_length=300)
    reason_en = models.CharField(_("raison publique, en anglais"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("mis à l’écart le"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("par"),
    )
    lifted_at = models.DateTimeField(_("rétablis le"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("mise à l’écart de votes")
        verbose_name_plural = _("mises à l’écart de votes")

    def __str__(self) -> str:
        return self.reason_fr

    def clean(self) -> None:
        """Refuse one that would set aside every vote of this site, or a period that ends before it begins."""
        if not (self.since or self.until or self.source_id or self.voter is not None):
            raise ValidationError(_("Dites quels votes : une période, une arène ou une personne."))
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": _("La fin précède le début.")})

    @property
    def reason(self) -> str:
        return localized(self.reason_fr, self.reason_en or self.reason_fr)


class Exclusion(models.TextChoices):
    """Why a ballot does not count, beside what Vote.Uncounted says of its vote."""

    NOT_BLIND = "not_blind", _("modèles choisis par le votant")
    SELF_MATCH = "self_match", _("un modèle contre lui-même")
    INCOMPLETE = "incomplete", _("une réponse manquait ou était interrompue")
    SELF_NAMED = "self_named", _("une réponse disait son nom")
    NAME_ASKED = "name_asked", _("la question demandait qui répond")
    OVER_LIMIT = "over_limit", _("au-delà de 200 votes d’une même personne")


class BallotQuerySet(models.QuerySet["Ballot"]):
    def in_scope(self, scope: str) -> "BallotQuerySet":
        """The ballots of our own duels, of one imported arena, or of all together."""
        if scope == WHOLE_SCOPE:
            return self
        return self.filter(source=None) if scope == OWN_SCOPE else self.filter(source__slug=scope)

    def counted(self) -> "BallotQuerySet":
        return self.filter(excluded_reason="", set_aside=None)


class Ballot(models.Model):
    """The result of one of our duels or of one imported vote, whether it counts or not.

    Each pair is stored in one order: `first` is the model of the lower key.
    """

    class Outcome(models.TextChoices):
        FIRST = "first"
        SECOND = "second"
        TIE = "tie"
        BOTH_BAD = "both_bad"

    source = models.ForeignKey(
        VoteSource, models.CASCADE, null=True, blank=True, related_name="ballots"
    )  # empty: ours
    duel = models.OneToOneField(Duel, models.CASCADE, null=True, blank=True, related_name="ballot")
    outside_id = models.CharField(max_length=200, blank=True)  # its id in the other arena
    from_reactions = models.BooleanField(default=False)  # without a vote: net likes
    voter = models.BigIntegerField(db_index=True)  # the first 60 bits of the visitor's hash
    first = models.ForeignKey(LanguageModel, models.PROTECT, related_name="+", db_index=False)
    second = models.ForeignKey(LanguageModel, models.PROTECT, related_name="+", db_index=False)
    first_on_a = models.BooleanField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    excluded_reason = models.CharField(
        max_length=12, choices=[*Exclusion.choices, *Vote.Uncounted.choices], blank=True
    )
    # By a curator, beside the reason above: lifting it leaves that one.
    set_aside = models.ForeignKey(
        "leaderboard.SetAside", models.SET_NULL, null=True, blank=True, related_name="ballots"
    )
    # (first - second) / (first + second), from -1 to 1; empty where the texts are not known.
    length_difference = models.FloatField(null=True, blank=True)
    markdown_difference = models.FloatField(null=True, blank=True)
    cast_at = models.DateTimeField(null=True, blank=True)

    objects = BallotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "outside_id"],
                condition=models.Q(source__isnull=False),
                name="one_ballot_per_outside_vote",
            ),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second"))
                | models.Q(first=models.F("second"), excluded_reason=Exclusion.SELF_MATCH),
                name="ballot_pair_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.outcome} {self.second_id}"


class Snapshot(models.Model):
    """A published ranking: the votes it counts and the methods it was computed by."""

    scope = models.CharField(_("votes"), max_length=60)
    computed_at = models.DateTimeField(_("calculé le"), auto_now_add=True)
    n_votes = models.PositiveIntegerField(_("votes comptés"))
    outcomes: Any = models.JSONField(default=dict)  # counted votes by outcome
    excluded: Any = models.JSONField(default=dict)  # ballots that do not count, by reason
    ranking_method = models.CharField(max_length=60)
    energy_method = models.CharField(max_length=60)
    energy_version = models.CharField(max_length=40)
    ranked_below_threshold = models.BooleanField(default=False)  # no model is listed: ranks compare all
    style: Any = models.JSONField(default=dict, blank=True)  # effect of each aspect, in points
    pairs: Any = models.JSONField(default=list, blank=True)  # see pairs.PairRecord
    shift: Any = models.JSONField(default=dict, blank=True)  # see second_votes.preference_table
    # See ballots/set_aside.py: what curators have set aside, with their reasons.
    set_asides: Any = models.JSONField(
        default=list, blank=True, db_default=models.Value([], models.JSONField())
    )
    inputs_fingerprint = models.CharField(
        max_length=64, blank=True, default="", db_default="", db_column="beside_votes"
    )  # see fingerprint.py

    class Meta:
        ordering = ["-computed_at"]
        indexes = [models.Index(fields=["scope", "-computed_at"], name="snapshot_scope_date")]
        verbose_name = _("classement publié")
        verbose_name_plural = _("classements publiés")

    def __str__(self) -> str:
        return f"{self.scope}, {timezone.localtime(self.computed_at):%Y-%m-%d %H:%M}"


class Row(models.Model):
    """One model in one snapshot. Scores are in points, energies in Wh; NULL where they are not known."""

    class Standing(models.TextChoices):
        UNLISTED = "unlisted", _("trop peu de votes")
        PRELIMINARY = "preliminary", _("préliminaire")
        ESTABLISHED = "established", _("établi")

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="rows")
    model = models.ForeignKey(LanguageModel, models.PROTECT, related_name="leaderboard_rows")
    votes = models.PositiveIntegerField()
    points = models.FloatField(null=True)
    points_low = models.FloatField(null=True)
    points_high = models.FloatField(null=True)
    best_rank = models.PositiveIntegerField(null=True)
    worst_rank = models.PositiveIntegerField(null=True)
    beats_average = models.FloatField(null=True)  # chance that it is preferred to the average model
    style_points = models.FloatField(null=True)
    style_low = models.FloatField(null=True)
    style_high = models.FloatField(null=True)
    frontier_per_1000 = models.FloatField(null=True)  # chance that none is both better and more frugal
    frontier_per_answer = models.FloatField(null=True)
    wh_per_1000_low = models.FloatField(null=True)
    wh_per_1000_mid = models.FloatField(null=True)
    wh_per_1000_high = models.FloatField(null=True)
    median_tokens = models.FloatField(null=True)  # of one answer, hidden reasoning included
    wh_per_answer_low = models.FloatField(null=True)
    wh_per_answer_mid = models.FloatField(null=True)
    wh_per_answer_high = models.FloatField(null=True)
    reasons: Any = models.JSONField(default=dict, blank=True)  # count of each reason
    shift: Any = models.JSONField(default=dict, blank=True)  # see second_votes.PreferenceShift

    class Meta:
        ordering = ["-points"]
        constraints = [models.UniqueConstraint(fields=["snapshot", "model"], name="one_row_per_model")]

    def __str__(self) -> str:
        return f"{self.model_id}: {self.points}"

    @property
    def standing(self) -> Standing:
        if self.votes < LISTED_FROM:
            return self.Standing.UNLISTED
        return self.Standing.PRELIMINARY if self.votes < ESTABLISHED_FROM else self.Standing.ESTABLISHED
