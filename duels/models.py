"""A duel and all that belongs to it: turns, answers, reactions, guess, votes, shared link."""

import secrets
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from duels import matchmaking
from duels.curated_words import Suggestion, Topic, VoteReason
from models_registry.models import Endpoint, LanguageModel

__all__ = [
    "Answer", "Duel", "Guess", "Reaction", "SecondVote", "Share", "Side", "Suggestion", "Topic", "Turn",
    "Vote", "VoteComment", "VoteCount", "VoteReason",
]  # fmt: skip

MAX_PROMPT_CHARACTERS = 8_000
MAX_COMMENT_CHARACTERS = 2_000
MAX_TURNS = 10


class Side(models.TextChoices):
    A = "a", "A"
    B = "b", "B"


def new_code() -> str:
    """128 random bits, as 22 characters that an address may hold."""
    return secrets.token_urlsafe(16)


class Duel(models.Model):
    """Two anonymous models, one visitor, up to MAX_TURNS prompts."""

    class Mode(models.TextChoices):
        RANDOM = matchmaking.Mode.RANDOM.value, _("Au hasard")
        SMALL_AGAINST_LARGE = matchmaking.Mode.SMALL_AGAINST_LARGE.value, _("Petit contre grand")
        TWO_SMALL = matchmaking.Mode.TWO_SMALL.value, _("Deux petits")
        SAME_FAMILY = matchmaking.Mode.SAME_FAMILY.value, _("Même famille")
        CHOSEN = matchmaking.Mode.CHOSEN.value, pgettext_lazy("mode", "Choisir")

    BLIND_MODES: ClassVar = (Mode.RANDOM, Mode.SMALL_AGAINST_LARGE, Mode.TWO_SMALL, Mode.SAME_FAMILY)

    code = models.CharField(max_length=32, default=new_code, editable=False)
    visitor = models.CharField(max_length=64)  # hash of a cookie, never an address
    mode = models.CharField(max_length=20, choices=Mode, default=Mode.RANDOM)
    # Whether the leaderboard and the open data may use it; what a class plays stays out of both.
    in_open_data = models.BooleanField(default=True, db_default=True)
    # Its visitor agreed, by a tick after the vote: the open data may hold the texts too.
    texts_in_open_data = models.BooleanField(default=False, db_default=False)
    # Only these two models could be drawn: the visitor knew them, though not on which side each was.
    pair_was_known = models.BooleanField(default=False, db_default=False)
    # The day a recorded duel was played, which this one shows again: no model was asked for it.
    recorded_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("duel")
        # Not unique=True and db_index=True: PostgreSQL would keep a second index of each, to search by LIKE.
        constraints = [models.UniqueConstraint(fields=["code"], name="one_duel_per_code")]
        indexes = [
            models.Index(fields=["visitor"], name="duel_visitor"),
            models.Index(
                fields=["in_open_data"], name="duel_not_open", condition=models.Q(in_open_data=False)
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("duels:duel", args=[self.code])

    @property
    def last_turn(self) -> "Turn":
        """The newest turn; without a query when turns are prefetched."""
        return list(self.turns.all())[-1]

    @property
    def is_revealed(self) -> bool:
        return hasattr(self, "vote")

    @property
    def is_blind(self) -> bool:
        """Whether the visitor knew neither model; the leaderboard counts no other votes."""
        return self.mode in self.BLIND_MODES and not self.pair_was_known


class Turn(models.Model):
    """One prompt and its two answers."""

    # Without an index of its own: that of the constraint begins with it. So does that of answers.
    duel = models.ForeignKey(Duel, models.CASCADE, related_name="turns", db_index=False)
    number = models.PositiveSmallIntegerField()
    prompt = models.TextField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["duel", "number"], name="one_turn_per_number")]

    def __str__(self) -> str:
        return f"{self.duel_id}, {self.number}"

    @property
    def is_finished(self) -> bool:
        return all(answer.is_finished for answer in self.answers.all())


class Answer(models.Model):
    """The text of one side in one turn, and the values that its energy is estimated from."""

    class State(models.TextChoices):
        WAITING = "waiting"
        STREAMING = "streaming"
        DONE = "done"
        FAILED = "failed"

    class CountSource(models.TextChoices):
        """Where the number of tokens comes from."""

        REPORTED = "reported"  # by the model's server
        COUNTED = "counted"  # by us, with another tokenizer than the model's own
        REPLACED = "replaced"  # by us: what the model's server reported cannot be

    class Failure(models.TextChoices):
        """Shown to the visitor; the provider's own message stays in the log of the endpoint."""

        UNAVAILABLE = "unavailable", _("Ce modèle ne répond pas pour le moment.")
        SILENT = "silent", _("Ce modèle n’a rien répondu dans le temps imparti.")
        CUT = "cut", _("La réponse s’est interrompue en chemin.")
        DECLINED = "declined", _("Le fournisseur de ce modèle a refusé cette question.")
        CONTEXT_FULL = "context_full", _("Cette conversation dépasse ce que ce modèle peut relire.")

    class Truncation(models.TextChoices):
        """Why an answer was ended before its model finished; its text is stored."""

        LENGTH = "length", _("Réponse coupée : le modèle a atteint sa limite de longueur.")
        TOO_LONG = "too_long", _("Réponse coupée : elle dépasse la longueur que ce site accepte.")
        FILTERED = "filtered", _("Réponse arrêtée par le filtre de son fournisseur.")
        UNKNOWN = (
            "unknown",
            _("Réponse peut-être incomplète : son fournisseur ne dit pas pourquoi elle finit."),
        )

    turn = models.ForeignKey(Turn, models.CASCADE, related_name="answers", db_index=False)
    side = models.CharField(max_length=1, choices=Side)
    model = models.ForeignKey(LanguageModel, models.PROTECT, related_name="answers")
    endpoint = models.ForeignKey(Endpoint, models.SET_NULL, null=True, blank=True, related_name="answers")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    failure = models.CharField(max_length=20, choices=Failure, blank=True)
    truncation = models.CharField(
        db_column="cut", max_length=10, choices=Truncation, blank=True, db_default="", default=""
    )
    stopped = models.BooleanField(default=False)  # at the visitor's request; the text so far is stored
    text = models.TextField(blank=True)
    html = models.TextField(
        blank=True, db_default="", default=""
    )  # of the text (duels/answers/answer_html.py)
    html_version = models.CharField(max_length=16, blank=True, db_default="", default="")
    reasoning = models.TextField(blank=True)
    tokens_in = models.PositiveIntegerField(null=True, blank=True)
    tokens_out = models.PositiveIntegerField(default=0)  # of the answer itself
    reasoning_tokens = models.PositiveIntegerField(default=0)  # hidden ones, in addition
    count_source = models.CharField(max_length=10, choices=CountSource, blank=True)
    # With which it was counted here (science.tokens); empty where the server reported.
    vocabulary = models.CharField(max_length=20, blank=True, default="", db_default="")
    shape = models.JSONField(default=dict, blank=True)  # the facts of that day: architecture, sizes, bits
    # Where it was made, and what was metered there: duels/answers/answer_hosting.py.
    hosting = models.JSONField(default=dict, blank=True, db_default=models.Value({}, models.JSONField()))
    energy_method = models.CharField(max_length=40, blank=True)
    # When the text left for the page: duels/worker/shown_pace.py. Sent before the vote for recorded duels
    # alone, whose votes count nowhere.
    pace = models.JSONField(default=list, blank=True, db_default=models.Value([], models.JSONField()))
    queued_at = models.DateTimeField(db_default=Now())
    claim = models.BigIntegerField(null=True, blank=True)  # a random number of the worker that streams it
    started_at = models.DateTimeField(null=True, blank=True)
    # While streaming, the last heartbeat of its worker; while waiting, when it was queued again.
    heartbeat_at = models.DateTimeField(null=True, blank=True, db_column="seen_at")
    ttft_ms = models.PositiveIntegerField(null=True, blank=True, db_column="first_token_ms")
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["side"]
        constraints = [models.UniqueConstraint(fields=["turn", "side"], name="one_answer_per_side")]
        # For the reaper: of the few that have not ended, so that the index stays small.
        indexes = [
            models.Index(
                fields=["state", "heartbeat_at"],
                name="answer_unfinished",
                condition=models.Q(state__in=["waiting", "streaming"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.turn_id}{self.side}"

    @property
    def is_finished(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)

    @property
    def shortfall(self) -> str:
        """Why the text is missing or incomplete, as a sentence; empty for a complete one."""
        return (
            str(self.get_failure_display() or self.get_truncation_display())
            if self.failure or self.truncation
            else ""
        )

    def reaction_or_none(self) -> "Reaction | None":
        return getattr(self, "reaction", None)


class Reaction(models.Model):
    """Like or dislike of one answer, with codes of reasons."""

    class Liking(models.TextChoices):
        LIKE = "like"
        DISLIKE = "dislike"

    answer = models.OneToOneField(Answer, models.CASCADE, related_name="reaction")
    liking = models.CharField(max_length=10, choices=Liking)
    reasons: Any = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True, db_default=Now())

    def __str__(self) -> str:
        return self.liking


class Vote(models.Model):
    """The blind vote on a duel."""

    class Choice(models.TextChoices):
        A = "a", _("A est meilleure")
        B = "b", _("B est meilleure")
        BOTH_GOOD = "both_good", _("Les deux se valent")
        BOTH_BAD = "both_bad", _("Les deux sont mauvaises")

    class Uncounted(models.TextChoices):
        """Why a vote does not count for the ranking: see vote_counting.py."""

        TOO_FAST = "too_fast", _("votés dans les secondes qui suivent la fin des réponses")
        LATE = "late", _("votés plus d’une semaine après le début du duel")
        SAME_PROMPT = "same_prompt", _("même question posée en série")
        VISITOR = "pace_person", _("trop de votes à la suite, de la même personne")
        ADDRESS = "pace_address", _("trop de votes à la suite, de la même connexion")
        FIRST_VOTES = "first_votes", _("série de premiers votes, de la même connexion")
        UNCHECKED = "unchecked", _("votés pendant une panne, sans contrôle possible")

    duel = models.OneToOneField(Duel, models.CASCADE, related_name="vote")
    choice = models.CharField(max_length=10, choices=Choice)
    uncounted = models.CharField(max_length=12, choices=Uncounted, blank=True, default="", db_default="")
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.choice


class VoteComment(models.Model):
    """Codes of reasons, and a comment, on one side; both optional."""

    vote = models.ForeignKey(Vote, models.CASCADE, related_name="comments")
    side = models.CharField(max_length=1, choices=Side)
    reasons: Any = models.JSONField(default=list, blank=True)
    comment = models.TextField(blank=True, max_length=MAX_COMMENT_CHARACTERS)

    class Meta:
        db_table = "duels_remark"
        constraints = [models.UniqueConstraint(fields=["vote", "side"], name="one_remark_per_side")]

    def __str__(self) -> str:
        return f"{self.vote_id}{self.side}"


class Guess(models.Model):
    """The bet sent with the vote: which side used more energy, how many times; no side for « autant »."""

    class Factor(models.IntegerChoices):
        UNSAID = 0, _("sans dire de combien")
        AS_MUCH = 1, _("à peu près autant")
        TWO = 2, "× 2"
        FIVE = 5, "× 5"  # not on offer any more, like × 50: older bets have them
        TEN = 10, "× 10"
        FIFTY = 50, "× 50"
        HUNDRED = 100, "× 100"
        THOUSAND = 1000, "× 1\u202f000"

    duel = models.OneToOneField(Duel, models.CASCADE, related_name="guess")
    side = models.CharField(max_length=1, choices=Side, blank=True)
    factor = models.PositiveSmallIntegerField(choices=Factor)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(side="", factor=1) | ~(models.Q(side="") | models.Q(factor=1)),
                name="a_side_when_one_took_more",
            )
        ]

    def __str__(self) -> str:
        return f"{self.side}{self.factor}"


class SecondVote(models.Model):
    """The vote after the reveal; the blind vote stays, and alone counts for the ranking by quality."""

    class Choice(models.TextChoices):
        A = "a", "A"
        B = "b", "B"
        EITHER = "either", _("L’une ou l’autre")

    duel = models.OneToOneField(Duel, models.CASCADE, related_name="second_vote")
    choice = models.CharField(max_length=10, choices=Choice)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.choice


class Share(models.Model):
    """The public link to a result. Deleting the row revokes it for good: a new one has another code.

    Its code is not the duel's, so that a link opens no more than it shows.
    """

    duel = models.OneToOneField(Duel, models.CASCADE, related_name="share")
    code = models.CharField(max_length=32, unique=True, default=new_code, editable=False)
    with_text = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.code


class VoteCount(models.Model):
    """How many votes count for a model, as last summed for matchmaking; no row means none."""

    model = models.OneToOneField(LanguageModel, models.CASCADE, related_name="vote_count")
    votes = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.model_id}: {self.votes}"
