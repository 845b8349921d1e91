"""Rules on the facts of a model, shared by forms, files, the seed catalogue and the system check.

Each violation is a ValidationIssue, shown beside the field that can correct it.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from science.energy.shape import ROUNDING
from web.formatting import billions, percent

PLACEHOLDER_SLUG = "a-completer"  # organisation and licence of a model that discovery created
SLUG = r"^[a-z0-9]+(?:[.-][a-z0-9]+)*$"
COUNTRY = r"^[A-Z]{2}$"
MIN_WEIGHT_BITS, MAX_WEIGHT_BITS = 1, 32  # bounds of science.energy.ModelShape
POSITIVE_FIELDS = (
    "total_params_b", "active_params_b", "effective_params_b", "experts_total", "experts_active",
    "weight_bits", "hypothesis_low_b", "hypothesis_high_b", "hypothesis_active_low_b",
    "hypothesis_active_high_b", "context_window_tokens",
)  # fmt: skip
SOURCED_FACTS = {
    "size": gettext_lazy("la taille"),
    "architecture": gettext_lazy("l’architecture"),
    "licence": gettext_lazy("la licence"),
    "date": gettext_lazy("la date de sortie"),
}


def make_slug(name: str) -> str:
    """Make a slug of a name; empty for a name without a letter or digit.

    Not django.utils.text.slugify, which drops the dots of versions.
    """
    dashed = re.sub(r"[^a-z0-9.]+", "-", name.lower())
    return re.sub(r"[.-]{2,}", "-", dashed).strip("-.")


@dataclass(frozen=True, slots=True)
class ValidationIssue:
    """A violated rule.

    field: a form field, or "endpoints" or "sources". message: one sentence for the curator.
    """

    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFacts:
    """Facts that the rules read, of a stored model or of an entry of the seed catalogue."""

    architecture: str
    disclosed: bool
    total_params_b: float | None
    active_params_b: float | None
    effective_params_b: float | None
    experts_total: int | None
    experts_active: int | None
    weight_bits: float | None
    context_window_tokens: int | None
    hypothesis_low_b: float | None
    hypothesis_high_b: float | None
    hypothesis_active_low_b: float | None
    hypothesis_active_high_b: float | None
    hypothesis_why_fr: str

    @classmethod
    def from_object(cls, model: object) -> Self:
        """Copy the facts from any object with attributes of these names."""
        return cls(**{field.name: getattr(model, field.name) for field in fields(cls)})


def fact_issues(model: object) -> Iterator[ValidationIssue]:
    """Contradictions and gaps that even a draft may not have."""
    facts = ModelFacts.from_object(model)
    for rule in FACT_RULES:
        yield from rule(facts)


def enabling_issues(release_date: date | None, organisation: str, licence: str) -> Iterator[ValidationIssue]:
    """Fields that an enabled model needs; organisation and licence are slugs."""
    if release_date is None:
        yield ValidationIssue("release_date", _("Un modèle activé a besoin de sa date de sortie."))
    if organisation == PLACEHOLDER_SLUG:
        yield ValidationIssue(
            "organisation", _("Choisissez l’organisation qui publie ce modèle avant de l’activer.")
        )
    if licence == PLACEHOLDER_SLUG:
        yield ValidationIssue("licence", _("Choisissez la licence de ce modèle avant de l’activer."))


def endpoint_issues(enabled_endpoints: int) -> Iterator[ValidationIssue]:
    """An enabled model needs an enabled endpoint."""
    if not enabled_endpoints:
        yield ValidationIssue(
            "endpoints",
            _(
                "Un modèle activé a besoin d’au moins un point d’accès activé : un serveur qui réponde "
                "pour lui."
            ),
        )


def source_issues(facts_with_source: Collection[str]) -> Iterator[ValidationIssue]:
    """An enabled model needs a source for each fact of SOURCED_FACTS."""
    if missing := [str(name) for fact, name in SOURCED_FACTS.items() if fact not in facts_with_source]:
        yield ValidationIssue(
            "sources",
            _("Un modèle activé dit d’où vient chaque fait : il manque une source pour %(facts)s.")
            % {"facts": ", ".join(missing)},
        )


def messages_by_field(issues: Iterable[ValidationIssue]) -> dict[str, list[str]]:
    """Messages grouped by field, as django.core.exceptions.ValidationError takes them."""
    messages: dict[str, list[str]] = {}
    for issue in issues:
        messages.setdefault(issue.field, []).append(issue.message)
    return messages


def _number_issues(model: ModelFacts) -> Iterator[ValidationIssue]:
    for field in POSITIVE_FIELDS:
        value = getattr(model, field)
        if value is not None and value <= 0:
            yield ValidationIssue(field, _("Ce nombre doit être positif."))
    bits = model.weight_bits
    if bits is not None and bits > 0 and not MIN_WEIGHT_BITS <= bits <= MAX_WEIGHT_BITS:
        yield ValidationIssue("weight_bits", _("La précision d’un poids va de 1 à 32 bits."))


def _size_issues(model: ModelFacts) -> Iterator[ValidationIssue]:
    total, active, effective = model.total_params_b, model.active_params_b, model.effective_params_b
    if model.disclosed and total is None:
        yield ValidationIssue(
            "total_params_b",
            _("Indiquez le nombre total de paramètres, ou décochez « taille publiée »."),
        )
    if total is not None and active is not None and active > total:
        yield ValidationIssue(
            "active_params_b",
            _("Les paramètres actifs (%(active)s) ne peuvent pas dépasser le total (%(total)s).")
            % {"active": billions(active), "total": billions(total)},
        )
    if total is not None and effective is not None and effective > total:
        yield ValidationIssue(
            "effective_params_b",
            _("La taille effective (%(effective)s) ne peut pas dépasser le total (%(total)s).")
            % {"effective": billions(effective), "total": billions(total)},
        )


def _architecture_issues(model: ModelFacts) -> Iterator[ValidationIssue]:
    total, active = model.total_params_b, model.active_params_b
    match model.architecture:
        case "dense":
            yield from _dense_issues(model)
        case "" | None if total is not None and active is not None and active < total:
            yield ValidationIssue(
                "architecture",
                _(
                    "%(active)s de paramètres actifs sur %(total)s : dites si c’est un mélange d’experts. "
                    "Sans architecture, ce modèle passerait pour dense, et son énergie serait fausse."
                )
                % {"active": billions(active), "total": billions(total)},
            )
        case "mixture_of_experts" if model.disclosed and model.active_params_b is None:
            yield ValidationIssue(
                "active_params_b",
                _("Un mélange d’experts a besoin du nombre de paramètres actifs par jeton."),
            )
        case "matformer":
            yield from _matformer_issues(model)
        case "undisclosed" if model.disclosed:
            yield ValidationIssue(
                "disclosed",
                _(
                    "L’architecture n’est pas communiquée : décochez « taille publiée » "
                    "et donnez une hypothèse de taille."
                ),
            )
    if model.architecture != "matformer" and model.effective_params_b is not None:
        yield ValidationIssue("effective_params_b", _("La taille effective ne concerne que les MatFormer."))


def _dense_issues(model: ModelFacts) -> Iterator[ValidationIssue]:
    if model.active_params_b not in (None, model.total_params_b):
        yield ValidationIssue(
            "active_params_b",
            _(
                "Dans un modèle dense, tous les paramètres sont actifs : "
                "laissez ce champ vide, ou choisissez une autre architecture."
            ),
        )
    if model.experts_total is not None or model.experts_active is not None:
        yield ValidationIssue("experts_total", _("Un modèle dense n’a pas d’experts."))
    active_hypotheses = (model.hypothesis_active_low_b, model.hypothesis_active_high_b)
    if active_hypotheses not in ((None, None), (model.hypothesis_low_b, model.hypothesis_high_b)):
        yield ValidationIssue(
            "hypothesis_active_low_b",
            _("Un modèle dense n’a pas de taille active à part : choisissez « Mélange d’experts »."),
        )


def _matformer_issues(model: ModelFacts) -> Iterator[ValidationIssue]:
    if model.experts_total is not None or model.experts_active is not None:
        yield ValidationIssue("experts_total", _("Un MatFormer n’a pas d’experts."))
    if model.disclosed and model.effective_params_b is None:
        yield ValidationIssue(
            "effective_params_b", _("Un MatFormer a besoin de sa taille effective (4 pour « E4B »).")
        )
    if model.effective_params_b is not None and model.active_params_b not in (None, model.effective_params_b):
        yield ValidationIssue(
            "active_params_b", _("Pour un MatFormer, laissez ce champ vide : la taille effective compte.")
        )


def _expert_issues(model: ModelFacts) -> Iterator[ValidationIssue]:
    total, active = model.experts_total, model.experts_active
    if (total is None) != (active is None):
        field = "experts_total" if total is None else "experts_active"
        yield ValidationIssue(field, _("Donnez les deux nombres d’experts, en tout et par jeton, ou aucun."))
    if total is not None and active is not None and active > total:
        yield ValidationIssue(
            "experts_active",
            _("Plus d’experts par jeton (%(active)s) que d’experts en tout (%(total)s) : c’est impossible.")
            % {"active": active, "total": total},
        )
    elif total and active:
        yield from _expert_share_issues(model, active / total)


def _expert_share_issues(model: ModelFacts, share: float) -> Iterator[ValidationIssue]:
    """The chosen experts are a part of what is active: they cannot weigh more than it."""
    sizes = (
        ("active_params_b", model.total_params_b, model.active_params_b),
        ("hypothesis_active_low_b", model.hypothesis_low_b, model.hypothesis_active_low_b),
        ("hypothesis_active_high_b", model.hypothesis_high_b, model.hypothesis_active_high_b),
    )
    for field, size_b, active_b in sizes:
        if size_b and active_b and active_b < size_b * share * (1 - ROUNDING):
            yield ValidationIssue(
                field,
                _("Ces experts (%(share)s) pèsent plus que %(active)s de paramètres actifs sur %(total)s.")
                % {"share": percent(share), "active": billions(active_b), "total": billions(size_b)},
            )


def _hypothesis_issues(model: ModelFacts) -> Iterator[ValidationIssue]:
    if model.disclosed:
        yield from _needless_hypothesis_issues(model)
        return
    for field in ("total_params_b", "active_params_b", "effective_params_b"):
        if getattr(model, field) is not None:
            yield ValidationIssue(
                field,
                _("La taille n’est pas publiée : donnez une hypothèse basse et haute, pas un seul nombre."),
            )
    if model.hypothesis_low_b is None or model.hypothesis_high_b is None:
        field = "hypothesis_low_b" if model.hypothesis_low_b is None else "hypothesis_high_b"
        yield ValidationIssue(
            field, _("La taille n’est pas publiée : donnez la fourchette de l’hypothèse, du bas au haut.")
        )
    if not model.hypothesis_why_fr:
        yield ValidationIssue("hypothesis_why_fr", _("Dites sur quoi repose l’hypothèse de taille."))
    yield from _range_issues(model, "hypothesis_low_b", "hypothesis_high_b")
    yield from _active_hypothesis_issues(model)


def _needless_hypothesis_issues(model: ModelFacts) -> Iterator[ValidationIssue]:
    fields = ("hypothesis_low_b", "hypothesis_high_b", "hypothesis_active_low_b", "hypothesis_active_high_b")
    if given := [field for field in fields if getattr(model, field) is not None]:
        yield ValidationIssue(given[0], _("La taille est publiée : il n’y a pas d’hypothèse à faire."))


def _active_hypothesis_issues(model: ModelFacts) -> Iterator[ValidationIssue]:
    low, high = model.hypothesis_active_low_b, model.hypothesis_active_high_b
    if (low is None) != (high is None):
        field = "hypothesis_active_low_b" if low is None else "hypothesis_active_high_b"
        yield ValidationIssue(field, _("Donnez les deux bouts de la fourchette de taille active, ou aucun."))
    if model.architecture == "mixture_of_experts" and low is None:
        yield ValidationIssue(
            "hypothesis_active_low_b",
            _("Un mélange d’experts non publié a besoin d’une fourchette de taille active."),
        )
    for field, active, total in (
        ("hypothesis_active_low_b", low, model.hypothesis_low_b),
        ("hypothesis_active_high_b", high, model.hypothesis_high_b),
    ):
        if active is not None and total is not None and active > total:
            yield ValidationIssue(
                field, _("La taille active supposée ne peut pas dépasser la taille totale supposée.")
            )
    yield from _range_issues(model, "hypothesis_active_low_b", "hypothesis_active_high_b")


def _range_issues(model: ModelFacts, low_field: str, high_field: str) -> Iterator[ValidationIssue]:
    low, high = getattr(model, low_field), getattr(model, high_field)
    if low is not None and high is not None and low >= high:
        yield ValidationIssue(high_field, _("Le haut de la fourchette doit être supérieur au bas."))


FACT_RULES: tuple[Callable[[ModelFacts], Iterator[ValidationIssue]], ...] = (
    _number_issues,
    _size_issues,
    _architecture_issues,
    _expert_issues,
    _hypothesis_issues,
)


def validate_base_url(value: str) -> None:
    """Raise ValidationError unless this is the base URL of a server; private names such as vllm are fine."""
    address = urlsplit(value)
    if address.scheme not in ("http", "https") or not address.hostname or re.search(r"\s", value):
        raise ValidationError(_("Une adresse commence par http:// ou https://, puis le nom du serveur."))
    if address.username or address.password:
        raise ValidationError(_("L’adresse ne doit pas contenir de mot de passe ni de clé."))
    if address.query or address.fragment:
        raise ValidationError(_("L’adresse s’arrête avant « ? » et « # »."))
    if address.path.rstrip("/").endswith(("/chat/completions", "/models")):
        raise ValidationError(_("L’adresse s’arrête avant « /chat/completions » et « /models »."))


def validate_extra_body(value: Any) -> None:
    """Raise ValidationError unless this can be merged into the body of a request."""
    if not isinstance(value, dict):
        raise ValidationError(_("Écrivez ces options entre accolades, en JSON ; sans option, laissez {}."))


def validate_aliases(value: Any) -> None:
    """Raise ValidationError unless this is a list of non-empty strings."""
    if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
        raise ValidationError(_("Écrivez une liste de noms."))
