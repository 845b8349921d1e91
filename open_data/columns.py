"""The published tables: their columns, types and meanings, from which schemas and data cards are made."""

import re
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# Of a table, in one of its formats.
FILE_NAME = re.compile(r"(?P<table>[a-z]+)(?:-(?P<month>\d{4}-\d{2}))?\.(?P<format>jsonl\.gz|parquet)")


class Kind(StrEnum):
    """The type of a column; any value may be null but in TEXTS."""

    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXTS = "array"  # of strings


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    meaning: str | Promise


@dataclass(frozen=True, slots=True)
class Table:
    """One published table; rows are in the order of its first column."""

    name: str
    title: str | Promise
    columns: tuple[Column, ...]


CODE = Column("code", Kind.TEXT, _("un code tiré au hasard, le même d’une publication à l’autre"))
MONTH = Column("month", Kind.TEXT, _("le mois du vote ; ni le jour ni l’heure ne sont publiés"))


def _side(side: str) -> tuple[Column, ...]:
    """The columns of one side of a duel."""
    columns = (
        ("model", Kind.TEXT, _("l’identifiant du modèle")),
        ("reasons", Kind.TEXTS, _("les raisons cochées en votant, par leur code")),
        ("tokens_in", Kind.INTEGER, _("les jetons lus, sur tous les tours")),
        ("tokens_out", Kind.INTEGER, _("les jetons écrits dans les réponses")),
        ("reasoning_tokens", Kind.INTEGER, _("les jetons de réflexion, en plus")),
        ("context_tokens", Kind.NUMBER, _("les jetons relus pour chaque jeton écrit, en moyenne")),
        ("count_source", Kind.TEXT, _("qui a compté les jetons : reported, counted ou replaced")),
        ("shape", Kind.TEXT, _("la taille et l’architecture retenues ce jour-là, en JSON")),
        ("hosting", Kind.TEXT, _("le lieu du calcul et ce qui y a été mesuré, en JSON")),
        ("energy_method", Kind.TEXT, _("la méthode d’estimation, avec sa version")),
        ("energy_wh_low", Kind.NUMBER, _("l’énergie estimée, en wattheures : le bas de la fourchette")),
        ("energy_wh", Kind.NUMBER, _("l’énergie estimée, en wattheures : le milieu")),
        ("energy_wh_high", Kind.NUMBER, _("l’énergie estimée, en wattheures : le haut de la fourchette")),
    )
    return tuple(Column(f"{name}_{side}", kind, meaning) for name, kind, meaning in columns)


VOTES = Table(
    "votes",
    _("Votes"),
    (
        CODE,
        MONTH,
        Column("mode", Kind.TEXT, _("comment les deux modèles ont été tirés")),
        Column("turns", Kind.INTEGER, _("le nombre de questions du duel")),
        Column("choice", Kind.TEXT, _("le vote à l’aveugle : a, b, both_good ou both_bad")),
        Column("counted", Kind.BOOLEAN, _("s’il compte au classement")),
        Column("not_counted_because", Kind.TEXT, _("sinon, pourquoi")),
        Column("second_vote", Kind.TEXT, _("le choix d’après la révélation : a, b ou either")),
        Column("bet_side", Kind.TEXT, _("le pari sur le côté qui consomme le plus ; vide pour « autant »")),
        Column("bet_factor", Kind.INTEGER, _("combien de fois plus, selon ce pari ; vide sans réponse")),
        *_side("a"),
        *_side("b"),
    ),
)
TEXTS = Table(
    "texts",
    _("Textes des duels, avec l’accord de leur auteur"),
    (
        CODE,
        MONTH,
        Column("turn", Kind.INTEGER, _("le rang de la question dans le duel")),
        Column("question", Kind.TEXT, _("la question")),
        Column("model_a", Kind.TEXT, _("l’identifiant du modèle A")),
        Column("answer_a", Kind.TEXT, _("la réponse de A")),
        Column("model_b", Kind.TEXT, _("l’identifiant du modèle B")),
        Column("answer_b", Kind.TEXT, _("la réponse de B")),
        Column("comment_a", Kind.TEXT, _("le commentaire sur A, au dernier tour")),
        Column("comment_b", Kind.TEXT, _("le commentaire sur B, au dernier tour")),
    ),
)
MODELS = Table(
    "models",
    _("Modèles"),
    (
        Column("model", Kind.TEXT, _("l’identifiant du modèle")),
        Column("name", Kind.TEXT, _("le nom")),
        Column("organisation", Kind.TEXT, _("l’organisation qui le publie")),
        Column("licence", Kind.TEXT, _("la licence")),
        Column("release_date", Kind.TEXT, _("la date de sortie")),
        Column("release_precision", Kind.TEXT, _("la précision de cette date : day ou month")),
        Column("architecture", Kind.TEXT, _("dense, mixture_of_experts, matformer ou undisclosed")),
        Column("disclosed", Kind.BOOLEAN, _("si sa taille est publiée")),
        Column("total_params_b", Kind.NUMBER, _("les paramètres, en milliards")),
        Column("active_params_b", Kind.NUMBER, _("les paramètres actifs, en milliards")),
        Column("effective_params_b", Kind.NUMBER, _("les paramètres effectifs, en milliards")),
        Column("weight_bits", Kind.NUMBER, _("la précision des poids publiés, en bits")),
        Column("experts_total", Kind.INTEGER, _("les experts, au total")),
        Column("experts_active", Kind.INTEGER, _("les experts qui servent à chaque jeton")),
        Column("hypothesis_low_b", Kind.NUMBER, _("taille non publiée : l’hypothèse basse, en milliards")),
        Column("hypothesis_high_b", Kind.NUMBER, _("taille non publiée : l’hypothèse haute, en milliards")),
        Column("aliases", Kind.TEXTS, _("ses noms ailleurs")),
        Column("sources", Kind.TEXTS, _("les pages où ces faits ont été lus")),
    ),
)
LEADERBOARD = Table(
    "leaderboard",
    _("Classement"),
    (
        Column("model", Kind.TEXT, _("l’identifiant du modèle")),
        MONTH,
        Column("computed_at", Kind.TEXT, _("l’heure du calcul : le dernier du mois")),
        Column("ranking_method", Kind.TEXT, _("la méthode du classement")),
        Column("energy_method", Kind.TEXT, _("la méthode d’estimation, avec sa version")),
        Column("votes", Kind.INTEGER, _("les votes comptés pour ce modèle")),
        Column("standing", Kind.TEXT, _("unlisted, preliminary ou established")),
        Column("points", Kind.NUMBER, _("le score")),
        Column("points_low", Kind.NUMBER, _("le score : le bas de l’intervalle")),
        Column("points_high", Kind.NUMBER, _("le score : le haut de l’intervalle")),
        Column("best_rank", Kind.INTEGER, _("le meilleur rang que les votes permettent")),
        Column("worst_rank", Kind.INTEGER, _("le moins bon")),
        Column("wh_per_1000_low", Kind.NUMBER, _("wattheures pour mille jetons : le bas de la fourchette")),
        Column("wh_per_1000_mid", Kind.NUMBER, _("wattheures pour mille jetons : le milieu")),
        Column("wh_per_1000_high", Kind.NUMBER, _("wattheures pour mille jetons : le haut de la fourchette")),
        Column("median_tokens", Kind.NUMBER, _("les jetons d’une réponse, en médiane")),
    ),
)
REASONS = Table(
    "reasons",
    _("Raisons qu’un vote peut donner"),
    (
        Column("code", Kind.TEXT, _("le code de la raison, qui ne change jamais")),
        Column("is_positive", Kind.BOOLEAN, _("si c’est une qualité ; sinon, un défaut")),
        Column("label_fr", Kind.TEXT, _("ce qui se coche, en français ; vide, elle n’y est pas proposée")),
        Column("label_en", Kind.TEXT, _("ce qui se coche, en anglais ; vide, elle n’y est pas proposée")),
        Column("is_enabled", Kind.BOOLEAN, _("si elle est encore proposée")),
    ),
)
REMOVED = Table(
    "removed",
    _("Ce qui a été retiré"),
    (
        CODE,
        MONTH,
        Column("removed", Kind.TEXT, _("vote : toute la ligne et ses textes ; texts : ses textes seuls")),
    ),
)
TABLES = (VOTES, TEXTS, MODELS, LEADERBOARD, REASONS, REMOVED)
