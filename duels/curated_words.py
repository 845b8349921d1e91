"""The words of the game that curators write: ideas of questions, reasons for a vote."""

from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

MAX_SUGGESTION_CHARACTERS = 400
MAX_REASON_CHARACTERS = 40


class Topic(models.TextChoices):
    """A property of models that some suggestions show."""

    SMALL = "small-model", _("Un petit modèle suffit-il ?")
    FACT = "fact-check", _("Un fait à vérifier")
    LENGTH = "short-or-long", _("Court ou long ?")
    ARITHMETIC = "arithmetic", _("Calcul")
    SUMMARY = "summary", _("Résumé")
    TRANSLATION = "translation", _("Traduction")
    ADVICE = "advice", _("Conseil")
    SCHOOL = "school", _("École")
    SOBRIETY = "sobriety", _("Sobriété")


class Suggestion(models.Model):
    """A prompt to begin with, which curators write for each language; without a text, it is not in that one.

    The English one is written for English readers, not translated.
    """

    topic = models.CharField(_("sujet"), max_length=20, choices=Topic)
    text_fr = models.TextField(
        _("question, en français"),
        max_length=MAX_SUGGESTION_CHARACTERS,
        blank=True,
        help_text=_("Ce qui est [entre crochets] est à remplacer par qui pose la question."),
    )
    text_en = models.TextField(_("question, en anglais"), max_length=MAX_SUGGESTION_CHARACTERS, blank=True)
    order = models.PositiveSmallIntegerField(
        _("rang"), default=100, help_text=_("Dans son sujet : le plus petit d’abord.")
    )
    is_enabled = models.BooleanField(_("proposée"), default=True)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("idée de question")
        verbose_name_plural = _("idées de questions")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text_fr="", text_en=""),
                name="a_suggestion_has_a_text",
                violation_error_message=_("Écrivez la question dans une langue au moins."),
            )
        ]

    def __str__(self) -> str:
        return Truncator(self.text_fr or self.text_en).chars(80)


class VoteReason(models.Model):
    """Why an answer is liked or not, as curators write it; without a label in a language, not offered in it.

    Stored votes hold its code: a reason is disabled, never deleted, and its code and its kind stay.
    """

    code = models.SlugField(
        _("code"),
        max_length=20,
        db_index=False,
        help_text=_(
            "Dans les votes enregistrés et les données ouvertes : des lettres sans accent, des chiffres, des "
            "tirets. Ne se change plus ensuite."
        ),
    )
    is_positive = models.BooleanField(
        _("genre"),
        choices=[(True, _("une qualité")), (False, _("un défaut"))],
        help_text=_("Une qualité se coche sous « J’aime », un défaut sous « Je n’aime pas »."),
    )
    label_fr = models.CharField(
        _("en français"),
        max_length=MAX_REASON_CHARACTERS,
        blank=True,
        help_text=_(
            "Suit « La réponse A est… » et « Je la trouve… ». Sans texte, absente des pages françaises."
        ),
    )
    label_en = models.CharField(
        _("en anglais"),
        max_length=MAX_REASON_CHARACTERS,
        blank=True,
        help_text=_("Suit « Answer A is… » et « I find it… ». Sans texte, absente des pages anglaises."),
    )
    order = models.PositiveSmallIntegerField(
        _("rang"), default=100, help_text=_("Dans son genre : le plus petit d’abord.")
    )
    is_enabled = models.BooleanField(
        _("proposée"),
        default=True,
        help_text=_("Décochée, elle n’est plus proposée ; les votes qui l’ont donnée la gardent."),
    )

    class Meta:
        ordering = ["-is_positive", "order", "pk"]
        verbose_name = _("raison de vote")
        verbose_name_plural = _("raisons de vote")
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                name="one_vote_reason_per_code",
                violation_error_message=_("Une autre raison a déjà ce code."),
            ),
            models.CheckConstraint(
                condition=~models.Q(label_fr="", label_en=""),
                name="a_vote_reason_has_a_label",
                violation_error_message=_("Écrivez la raison dans une langue au moins."),
            ),
        ]

    def __str__(self) -> str:
        return self.label_fr or self.label_en
