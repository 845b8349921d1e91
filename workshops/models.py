"""A workshop: its scenario and position, rounds with their duels, seats, ballots, proposed questions."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from duels.models import Duel, Vote
from workshops.codes import new_code, new_key

MAX_PROPOSAL_CHARACTERS = 300
MAX_HEADS = 8


class Workshop(models.Model):
    """One session with a room. It is deleted with all its rows, by its facilitator or by its age."""

    code = models.CharField(max_length=5, unique=True, default=new_code)
    facilitator = models.CharField(max_length=64)  # hash of the token of the secret link
    seat_key = models.CharField(max_length=64, default=new_key)  # of the hashes of cookies
    scenario: Any = models.JSONField()
    step_id = models.CharField(max_length=40)
    phase = models.CharField(max_length=20)
    version = models.PositiveIntegerField(default=1)  # grows with every change that a view shows
    in_open_data = models.BooleanField(default=False)
    seat_count = models.PositiveIntegerField(default=0)
    timer_ends_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    active_at = models.DateTimeField(auto_now_add=True, db_index=True)  # the last sign of anybody
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("atelier")

    def __str__(self) -> str:
        return self.code


class Round(models.Model):
    """One question put to the room: a duel, or a quiz question, which has none."""

    class Compromise(models.TextChoices):
        """How the pair differs from what was asked for; it says nothing of which models they are."""

        NONE = ""
        RANDOM = "random"  # no models make such a pair
        AGAIN = "again"  # no two others answer

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="rounds", db_index=False)
    number = models.PositiveSmallIntegerField()
    step_id = models.CharField(max_length=40)
    duel = models.OneToOneField(Duel, models.CASCADE, null=True, blank=True, related_name="workshop_round")
    pair = models.CharField(max_length=30, blank=True)  # the kind of pair that was asked for
    compromise = models.CharField(max_length=10, blank=True, choices=Compromise)
    hands: Any = models.JSONField(default=dict)  # raised hands by kind of ballot, then by choice
    created_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True, blank=True)  # both answers have ended
    revealed_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)  # by another pair

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["workshop", "number"], name="one_round_per_number")]

    def __str__(self) -> str:
        return f"{self.workshop_id}, {self.number}"


class Seat(models.Model):
    """A device that has joined, known by a keyed hash of its cookie; it may speak for a whole table."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="seats", db_index=False)
    token_hash = models.CharField(max_length=64)
    number = models.PositiveSmallIntegerField()
    heads = models.PositiveSmallIntegerField(default=1)
    removed_at = models.DateTimeField(null=True, blank=True)
    joined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["workshop", "token_hash"], name="one_seat_per_cookie")]

    def __str__(self) -> str:
        return f"{self.workshop_id}, {self.number}"


class RoundBallot(models.Model):
    """The answer of one seat in one round: changed until the vote closes, one per kind."""

    class Kind(models.TextChoices):
        BLIND = "blind", _("à l’aveugle")
        BET = "bet", _("pari")
        SECOND = "second", _("en sachant")
        QUIZ = "quiz", _("question")

    class Bet(models.TextChoices):
        A = "a", _("A a consommé plus")
        B = "b", _("B a consommé plus")
        SAME = "same", _("À peu près autant")

    round = models.ForeignKey(Round, models.CASCADE, related_name="ballots", db_index=False)
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="ballots")
    kind = models.CharField(max_length=10, choices=Kind)
    choice = models.CharField(max_length=10)
    heads = models.PositiveSmallIntegerField(default=1)  # people of the seat while the vote was open

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "seat", "kind"], name="one_ballot_per_kind")]

    def __str__(self) -> str:
        return f"{self.round_id}, {self.seat_id}: {self.kind} {self.choice}"


VOTE_CHOICES = dict(Vote.Choice.choices)
BET_CHOICES = dict(RoundBallot.Bet.choices)


class Proposal(models.Model):
    """A question that a participant proposes; the facilitator alone sees it before it is picked."""

    workshop = models.ForeignKey(Workshop, models.CASCADE, related_name="proposals")
    seat = models.ForeignKey(Seat, models.CASCADE, related_name="proposals")
    text = models.CharField(max_length=MAX_PROPOSAL_CHARACTERS)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.text
