"""Tables of the registry: organisations, licences, language models and the sources of their facts."""

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from models_registry import api_keys, validation
from models_registry.choices import TOKENIZER_FAMILIES, family_label
from models_registry.endpoints import Endpoint, EndpointQuerySet, Health
from science.energy import Architecture, ModelShape
from web.formatting import localized

slug_validator = RegexValidator(validation.SLUG, _("Minuscules, chiffres, points et tirets seulement."))
country_validator = RegexValidator(validation.COUNTRY, _("Deux lettres majuscules, comme FR."))

__all__ = [
    "PRESUMED_WEIGHT_BITS", "Endpoint", "EndpointQuerySet", "Health",
    "LanguageModel", "LanguageModelQuerySet", "Licence", "Organisation", "Source",
]  # fmt: skip

# How much later a model that stops answering leaves the lists, at most; half as much at the least.
LISTED_FOR = timedelta(minutes=30)
PRESUMED_WEIGHT_BITS = 16  # precision of most released weights, used when the maker publishes none


def tokenizer_families() -> list[tuple[str, str]]:
    """Choices of a model field; a function: a new family needs no migration, and each reader his language."""
    return [(family, family_label(family)) for family in TOKENIZER_FAMILIES]


class Seeded(models.Model):
    """Base of tables filled from the starter catalogue.

    starter_values: the values that were loaded, by field; a field that differs was edited by a curator.
    """

    starter_values = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True


class Organisation(Seeded):
    """A publisher of models."""

    slug = models.CharField(_("identifiant"), max_length=80, unique=True, validators=[slug_validator])
    name = models.CharField(_("nom"), max_length=120)
    country = models.CharField(
        _("pays"), max_length=2, validators=[country_validator], help_text=_("Code ISO de deux lettres.")
    )
    site = models.URLField(_("site"))

    class Meta:
        ordering = ["name"]
        verbose_name = _("organisation")

    def __str__(self) -> str:
        return self.name


class Licence(Seeded):
    """Terms of use of a model's weights and outputs."""

    class Kind(models.TextChoices):
        PROPRIETARY = "proprietary", _("Propriétaire")
        OPEN_WEIGHTS = "open_weights", _("Poids ouverts")
        OPEN_SOURCE = "open_source", _("Code source ouvert")

    class Permission(models.TextChoices):
        YES = "yes", _("Oui")
        NO = "no", _("Non")
        CONDITIONS = "conditions", _("Sous conditions")

    slug = models.CharField(_("identifiant"), max_length=80, unique=True, validators=[slug_validator])
    name = models.CharField(_("nom"), max_length=120)
    link = models.URLField(_("lien"))
    kind = models.CharField(_("classe"), max_length=20, choices=Kind)
    commercial_use = models.CharField(_("usage commercial"), max_length=20, choices=Permission)
    outputs_reuse = models.CharField(_("réutilisation des réponses"), max_length=20, choices=Permission)
    sentence_fr = models.CharField(_("en une phrase, en français"), max_length=300)
    sentence_en = models.CharField(_("en une phrase, en anglais"), max_length=300)

    class Meta:
        ordering = ["name"]
        verbose_name = _("licence")

    def __str__(self) -> str:
        return self.name

    @property
    def sentence(self) -> str:
        return _in_language(self, "sentence")


class LanguageModelQuerySet(models.QuerySet["LanguageModel"]):
    def playable(self) -> "LanguageModelQuerySet":
        """Enabled models that have an available endpoint."""
        available = Endpoint.objects.available().filter(model=models.OuterRef("pk"))
        return self.filter(models.Exists(available), status=LanguageModel.Status.ENABLED)

    def listed(self) -> "LanguageModelQuerySet":
        """Playable models (can_answer), and those that were so lately: what lists of models show.

        A list that followed at once would tell which model has just failed in somebody's duel.
        """
        can_answer = models.Exists(Endpoint.objects.available().filter(model=models.OuterRef("pk")))
        usable = Endpoint.objects.filter(model=models.OuterRef("pk"), enabled=True)
        has_key = usable.filter(api_keys.has_usable_key())
        was_playable = models.Q(models.Exists(has_key), listed_until__gt=timezone.now())
        enabled = self.filter(status=LanguageModel.Status.ENABLED).annotate(can_answer=can_answer)
        return enabled.filter(models.Q(can_answer=True) | was_playable)

    def keep_listed(self) -> None:
        """List these models for LISTED_FOR from now on."""
        self.update(listed_until=timezone.now() + LISTED_FOR)

    def waiting_for_key(self) -> "LanguageModelQuerySet":
        """Enabled models whose enabled endpoints all lack their API key in the environment."""
        enabled = Endpoint.objects.filter(model=models.OuterRef("pk"), enabled=True)
        has_key = enabled.filter(api_keys.has_usable_key())
        waiting = self.filter(models.Exists(enabled), status=LanguageModel.Status.ENABLED)
        return waiting.exclude(models.Exists(has_key))


class LanguageModel(Seeded):
    """A language model; sizes in billions of parameters, None when unpublished."""

    class Architecture(models.TextChoices):
        DENSE = "dense", _("Dense")
        MIXTURE_OF_EXPERTS = "mixture_of_experts", _("Mélange d’experts")
        MATFORMER = "matformer", _("MatFormer")
        UNDISCLOSED = "undisclosed", _("Non communiquée")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Brouillon")
        ENABLED = "enabled", _("Activé")
        ARCHIVED = "archived", _("Archivé")

    class Precision(models.TextChoices):
        DAY = "day", _("au jour près")
        MONTH = "month", _("au mois près")

    SHAPE_FIELDS: ClassVar = (
        "architecture", "disclosed", "total_params_b", "active_params_b", "effective_params_b", "weight_bits",
        "experts_total", "experts_active", "hypothesis_low_b", "hypothesis_high_b",
        "hypothesis_active_low_b", "hypothesis_active_high_b",
    )  # fmt: skip

    slug = models.CharField(_("identifiant"), max_length=120, unique=True, validators=[slug_validator])
    name = models.CharField(_("nom"), max_length=120)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="language_models", verbose_name=_("organisation")
    )
    licence = models.ForeignKey(
        Licence, models.PROTECT, related_name="language_models", verbose_name=_("licence")
    )
    release_date = models.DateField(_("date de sortie"), null=True, blank=True)
    release_precision = models.CharField(
        _("précision de la date"), max_length=5, choices=Precision, default=Precision.DAY
    )
    architecture = models.CharField(_("architecture"), max_length=20, choices=Architecture)
    total_params_b = models.FloatField(_("paramètres au total (milliards)"), null=True, blank=True)
    active_params_b = models.FloatField(_("paramètres actifs (milliards)"), null=True, blank=True)
    effective_params_b = models.FloatField(_("paramètres effectifs (milliards)"), null=True, blank=True)
    experts_total = models.PositiveIntegerField(_("experts au total"), null=True, blank=True)
    experts_active = models.PositiveIntegerField(_("experts par jeton"), null=True, blank=True)
    weight_bits = models.FloatField(_("précision des poids publiés (bits)"), null=True, blank=True)
    disclosed = models.BooleanField(_("taille publiée"), default=True)
    hypothesis_low_b = models.FloatField(_("hypothèse basse (milliards)"), null=True, blank=True)
    hypothesis_high_b = models.FloatField(_("hypothèse haute (milliards)"), null=True, blank=True)
    hypothesis_active_low_b = models.FloatField(
        _("hypothèse basse, paramètres actifs"), null=True, blank=True
    )
    hypothesis_active_high_b = models.FloatField(
        _("hypothèse haute, paramètres actifs"), null=True, blank=True
    )
    hypothesis_why_fr = models.TextField(_("pourquoi cette hypothèse, en français"), blank=True)
    hypothesis_why_en = models.TextField(_("pourquoi cette hypothèse, en anglais"), blank=True)
    reasoning = models.BooleanField(_("raisonne avant de répondre"), default=False)
    context_window_tokens = models.PositiveIntegerField(
        _("fenêtre de contexte (jetons)"), null=True, blank=True
    )
    tokenizer_family = models.CharField(
        _("famille de jetons"), max_length=40, default="other", choices=tokenizer_families
    )
    description_fr = models.TextField(_("description, en français"), blank=True)
    description_en = models.TextField(_("description, en anglais"), blank=True)
    good_to_know_fr = models.TextField(_("à savoir, en français"), blank=True)
    good_to_know_en = models.TextField(_("à savoir, en anglais"), blank=True)
    status = models.CharField(_("statut"), max_length=10, choices=Status, default=Status.DRAFT)
    listed_until = models.DateTimeField(null=True, blank=True, editable=False)
    aliases = models.JSONField(
        _("autres noms"),
        default=list,
        blank=True,
        validators=[validation.validate_aliases],
        help_text=_("Noms chez d’autres serveurs et arènes."),
    )

    objects = LanguageModelQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("modèle")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise ValidationError by field when facts contradict each other or an enabled model lacks some."""
        issues = [] if self.is_bare_draft else list(validation.fact_issues(self))
        if self.status == self.Status.ENABLED:
            issues += self.enabling_issues()
        if issues:
            raise ValidationError(dict(validation.messages_by_field(issues)))

    @property
    def is_bare_draft(self) -> bool:
        """Whether this is still what discovery made: a name, and no fact about its size."""
        sizes = (name for name in self.SHAPE_FIELDS if name not in ("architecture", "disclosed"))
        return (
            self.status == self.Status.DRAFT
            and (self.architecture, self.disclosed) == (self.Architecture.UNDISCLOSED, False)
            and bool(self.organisation_id)
            and self.organisation.slug == validation.PLACEHOLDER_SLUG
            and all(getattr(self, name) is None for name in sizes)
        )

    def enable_blockers(self) -> list[validation.ValidationIssue]:
        """Reasons why this stored model may not be enabled; empty when it may."""
        return [
            *validation.fact_issues(self),
            *self.enabling_issues(),
            *validation.endpoint_issues(self.endpoints.filter(enabled=True).count()),
            *validation.source_issues(set(self.sources.values_list("fact", flat=True))),
        ]

    def enabling_issues(self) -> Iterator[validation.ValidationIssue]:
        """Fields of its own that an enabled model needs."""
        organisation = self.organisation.slug if self.organisation_id else ""
        licence = self.licence.slug if self.licence_id else ""
        return validation.enabling_issues(self.release_date, organisation, licence)

    def shape(self) -> ModelShape:
        """Input of the energy methods; raises ValueError when the facts contradict each other."""
        bits = self.weight_bits or PRESUMED_WEIGHT_BITS
        if not self.disclosed:
            return ModelShape(
                Architecture.UNDISCLOSED,
                None,
                weight_bits=bits,
                total_range_b=_range(self.hypothesis_low_b, self.hypothesis_high_b),
                active_range_b=_range(self.hypothesis_active_low_b, self.hypothesis_active_high_b),
                experts_total=self.experts_total,
                experts_active=self.experts_active,
            )
        return ModelShape(
            Architecture(self.architecture),
            self.total_params_b,
            self.active_params_b,
            bits,
            effective_params_b=self.effective_params_b,
            experts_total=self.experts_total,
            experts_active=self.experts_active,
        )

    @property
    def description(self) -> str:
        return _in_language(self, "description")

    @property
    def good_to_know(self) -> str:
        return _in_language(self, "good_to_know")

    @property
    def hypothesis_why(self) -> str:
        return _in_language(self, "hypothesis_why")


class Source(models.Model):
    """A page that states one fact about a model."""

    class Fact(models.TextChoices):
        SIZE = "size", _("Taille")
        ARCHITECTURE = "architecture", _("Architecture")
        LICENCE = "licence", _("Licence")
        DATE = "date", _("Date")

    model = models.ForeignKey(LanguageModel, models.CASCADE, related_name="sources", verbose_name=_("modèle"))
    fact = models.CharField(_("fait"), max_length=20, choices=Fact)
    link = models.URLField(_("lien"), max_length=500)
    title = models.CharField(_("titre"), max_length=200)
    read_on = models.DateField(_("lue le"), null=True, blank=True)

    class Meta:
        ordering = ["fact", "pk"]
        verbose_name = _("source")

    def __str__(self) -> str:
        return self.title


def _range(low: float | None, high: float | None) -> tuple[float, float] | None:
    return None if low is None or high is None else (low, high)


def _in_language(row: models.Model, field: str) -> str:
    """The text of `field` in the active language, French when the English one is empty."""
    french = str(getattr(row, f"{field}_fr"))
    return localized(french, str(getattr(row, f"{field}_en")) or french)
