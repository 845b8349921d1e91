"""Documents that the programming interface answers, whose fields are described once, here."""

from typing import Any, Generic, TypeVar

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_noop as _
from pydantic import BaseModel, ConfigDict, Field

from science.energy import Architecture, HostingKind, Processor, Unit, Verdict
from science.energy import Interval as Range

T = TypeVar("T")


class Record(BaseModel):
    """A document whose fields are attributes of a row or of a value of the same names."""

    model_config = ConfigDict(from_attributes=True)


class Text(BaseModel):
    """The same in French and in English."""

    fr: str
    en: str

    @classmethod
    def of(cls, text: str | Promise) -> "Text":
        """A translatable text of the site."""
        texts = {}
        for language in ("fr", "en"):
            with translation.override(language):
                texts[language] = str(text)
        return cls(**texts)


class Interval(BaseModel):
    low: float
    mid: float
    high: float

    @classmethod
    def of(cls, interval: Range) -> "Interval":
        return cls(low=interval.low, mid=interval.mid, high=interval.high)


class Page(BaseModel, Generic[T]):
    """A part of a list."""

    total: int = Field(description=_("Éléments de toute la liste."))
    next: str | None = Field(description=_("L’adresse de la suite."))
    previous: str | None = Field(description=_("L’adresse de ce qui précède."))
    items: list[T]


class Index(BaseModel):
    name: str
    version: str
    documentation: str
    openapi: str
    operations: dict[str, str] = Field(description=_("L’adresse de chaque lecture, par son nom."))


class Organisation(Record):
    slug: str
    name: str
    country: str = Field(description=_("Code ISO de deux lettres."))
    site: str


class Licence(BaseModel):
    slug: str
    name: str
    link: str
    kind: str
    commercial_use: str
    outputs_reuse: str = Field(description=_("Ce que la licence dit de la réutilisation des réponses."))
    sentence: Text


class Source(BaseModel):
    fact: str = Field(description=_("Le fait que la page affirme : size, architecture, licence ou date."))
    title: str
    link: str
    read_on: str | None = Field(
        description=_("Le jour où elle a été lue ; null si elle ne l’est pas encore.")
    )


class Hypothesis(BaseModel):
    """The range that stands for an unpublished size."""

    total_low_b: float | None
    total_high_b: float | None
    active_low_b: float | None
    active_high_b: float | None
    why: Text


class ModelName(BaseModel):
    slug: str
    name: str


class Model(ModelName):
    """A model of the registry and where its facts are stated; sizes in billions of parameters."""

    page: str = Field(description=_("L’adresse de sa fiche."))
    aliases: list[str] = Field(description=_("Ses noms chez d’autres serveurs et arènes."))
    organisation: Organisation
    licence: Licence
    release_date: str | None
    release_precision: str = Field(description=_("day, ou month si la date n’est connue qu’au mois près."))
    architecture: Architecture
    disclosed: bool = Field(description=_("La taille est publiée."))
    total_params_b: float | None
    active_params_b: float | None
    effective_params_b: float | None
    experts_total: int | None
    experts_active: int | None
    weight_bits: float | None = Field(description=_("Bits par paramètre ; null s’ils ne sont pas publiés."))
    hypothesis: Hypothesis | None = Field(description=_("Ce que nous supposons d’une taille non publiée."))
    reasoning: bool = Field(description=_("Il réfléchit avant de répondre."))
    context_window_tokens: int | None
    tokenizer_family: str
    description: Text
    good_to_know: Text
    archived: bool
    sources: list[Source]


class Shape(Record):
    """The facts that the estimate was computed from; sizes in billions of parameters."""

    architecture: Architecture
    total_params_b: float | None
    active_params_b: float | None
    effective_params_b: float | None
    total_range_b: tuple[float, float] | None
    active_range_b: tuple[float, float] | None
    experts_total: int | None
    experts_active: int | None
    weight_bits: float


class Method(Record):
    name: str
    version: str
    date: str
    source: str
    knows_hosting: bool = Field(description=_("Elle tient compte de l’endroit où la réponse est écrite."))


class Hosting(BaseModel):
    """Where the answer was taken to be written; fields of another kind of hosting are null."""

    kind: HostingKind
    accelerator: str | None
    accelerator_count: int | None
    simultaneous_answers: float | None
    load_is_measured: bool | None
    processor: Processor | None
    power_w: Interval | None
    work_seconds: float | None
    prompt_share: float | None


class Estimate(BaseModel):
    model: ModelName | None = Field(description=_("Le modèle compris sous le nom donné ; null sans modèle."))
    shape: Shape
    method: Method
    hosting: Hosting
    tokens_out: int
    reasoning_tokens: int
    tokens_in: int
    context_tokens: float
    load: Interval = Field(description=_("Conversations que la machine est supposée servir ensemble."))
    gpu_count: int = Field(description=_("Cartes qu’il faut pour tenir le modèle ; 0 sur cet ordinateur."))
    energy_wh: Interval = Field(description=_("L’énergie de la réponse, en Wh, avec sa fourchette."))
    parts_wh: dict[str, float] = Field(description=_("Les parts du milieu de la fourchette, en Wh."))
    hardware_co2_g: Interval | None = Field(
        description=_("CO₂e de la fabrication des machines, en grammes, si la méthode le compte.")
    )


class Comparison(BaseModel):
    a: Estimate
    b: Estimate
    ratio_a_over_b: Interval = Field(
        description=_("Énergie de a sur celle de b, à machine et charge égales.")
    )
    verdict: Verdict
    hosts_differ: bool = Field(description=_("Les deux réponses sont écrites à des endroits différents."))
    ratio_as_made_a_over_b: Interval = Field(description=_("Le même rapport, chacune là où elle est écrite."))
    verdict_as_made: Verdict


class Equivalent(BaseModel):
    key: str
    name: Text
    unit: Unit
    amount: Interval
    source: str


class Term(BaseModel):
    key: str
    name: Text
    meaning: Text
    lesson: str | None = Field(description=_("L’adresse de la leçon qui l’explique."))


class DataLicence(Record):
    votes_of: str
    name: str
    licence: str = Field(description=_("Vide si cette arène n’en dit rien."))
    link: str


class Snapshot(BaseModel):
    """A published leaderboard."""

    votes_of: str = Field(description=_("D’où viennent les votes : conso-duel, une autre arène, ensemble."))
    computed_at: str
    day: str = Field(description=_("Le jour, à donner comme paramètre « day »."))
    counted_votes: int
    ranking_method: str
    energy_method: str
    energy_version: str


class VoteReason(BaseModel):
    """Why an answer is liked or not, as curators write it; an empty label: not offered in that language."""

    code: str
    is_positive: bool = Field(description=_("Une qualité ; sinon, un défaut."))
    label_fr: str
    label_en: str
    is_enabled: bool = Field(description=_("Encore proposée."))


class LeaderboardRow(BaseModel):
    """One model; scores in points, energies in Wh, chances from 0 to 1; null where it is not known."""

    model: ModelName
    votes: int
    standing: str = Field(description=_("unlisted sous 300 votes, preliminary sous 1 000, puis established."))
    points: float | None
    points_low: float | None
    points_high: float | None
    best_rank: int | None
    worst_rank: int | None
    beats_average: float | None = Field(description=_("Chance d’être préféré au modèle moyen."))
    style_points: float | None = Field(description=_("Score à style égal."))
    style_low: float | None
    style_high: float | None
    frontier_per_1000: float | None = Field(
        description=_("Chance qu’aucun autre ne soit à la fois meilleur et plus sobre, pour 1 000 jetons.")
    )
    frontier_per_answer: float | None = Field(description=_("La même, pour une réponse médiane."))
    wh_per_1000_low: float | None
    wh_per_1000_mid: float | None
    wh_per_1000_high: float | None
    median_tokens: float | None
    wh_per_answer_low: float | None
    wh_per_answer_mid: float | None
    wh_per_answer_high: float | None
    reasons: dict[str, Any] = Field(description=_("Combien de fois chaque raison a été donnée, par code."))


class Leaderboard(Page[LeaderboardRow]):
    snapshot: Snapshot | None = Field(description=_("null tant que rien n’est publié."))
    counted_by_outcome: dict[str, int]
    excluded_by_reason: dict[str, int] = Field(description=_("Votes qui ne comptent pas, par raison."))
    vote_reasons: list[VoteReason] = Field(description=_("Les raisons qu’un vote peut donner."))
    data_licences: list[DataLicence]


class Score(BaseModel):
    """The score of one model on one day."""

    day: str
    votes: int
    points: float | None
    points_low: float | None
    points_high: float | None
    best_rank: int | None
    worst_rank: int | None
    wh_per_1000_mid: float | None


class ScoreHistory(Page[Score]):
    model: ModelName
    votes_of: str


class Meeting(BaseModel):
    """All counted votes between two models."""

    first: ModelName
    second: ModelName
    first_wins: int
    second_wins: int
    ties: int
    both_bad: int


class Meetings(Page[Meeting]):
    snapshot: Snapshot | None = Field(description=_("null tant que rien n’est publié."))
    data_licences: list[DataLicence]
