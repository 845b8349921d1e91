"""Training, water and manufacture, which the total of an answer leaves out, in published figures."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learn.model_choices import ModelsBySlug
from models_registry.pages.catalogue import CatalogueEntry
from models_registry.pages.energy import USUAL_ANSWER_TOKENS
from science.energy import Interval, carbon, estimate
from web.formatting import format_significant

GPU_KW = 0.7  # peak power of an H100 SXM, which Meta counts with: its model card
LITRES_PER_GALLON = 3.785411784  # definition of the US gallon
MG_PER_G = 1000
ML_PER_LITRE = 1000
WH_PER_GWH = 1e9
BILLION = 1e9

TRAINED_MODEL = "llama-3.1-405b"
TRAINED_MODEL_GPU_HOURS = 30.84e6  # https://github.com/meta-llama/llama-models, Llama 3.1's model card
MISTRAL_TRAINING_T = 20_400  # t CO2e of Mistral Large 2, training and 18 months of use
MISTRAL_ANSWER_G = 1.14  # g CO2e of 400 tokens, from the same life cycle
OPENAI_GALLONS = 0.000085  # of water for an average query, S. Altman, June 2025
MANUFACTURE_EXAMPLE = "llama-3.3-70b"
COUNTS_HARDWARE = "ecologits-0.11.3"


@dataclass(frozen=True, slots=True)
class TrainingFigure:
    """A figure that a maker publishes about a training, or that follows from one."""

    model: str | Promise
    published: str | Promise
    covers: str | Promise
    publisher: str
    source: str


TRAINING_FIGURES = (
    TrainingFigure(
        gettext_lazy("BLOOM (176 Md)"),
        gettext_lazy(
            "433 MWh ; 24,7 t de CO₂e pour les cartes, 50,5 t avec les machines en attente "
            "et leur fabrication"
        ),
        gettext_lazy("le dernier entraînement seul, en France (2022)"),
        "A. S. Luccioni",
        "https://arxiv.org/abs/2211.02001",
    ),
    TrainingFigure(
        gettext_lazy("DeepSeek V3 (671 Md)"),
        gettext_lazy(
            "2,788 millions d’heures de carte H800 ; à 700 W chacune, ce serait 2,0 GWh "
            "pour les cartes seules"
        ),
        gettext_lazy("l’entraînement retenu, sans les essais (2024)"),
        "DeepSeek",
        "https://huggingface.co/deepseek-ai/DeepSeek-V3",
    ),
    TrainingFigure(
        gettext_lazy("Olmo 3 (7 et 32 Md)"),
        gettext_lazy("12,3 GWh ; 4 251 t de CO₂e ; 15 887 m³ d’eau"),
        gettext_lazy("toute la mise au point : les essais et les échecs en font 82 % (2026)"),
        "Ai2",
        "https://arxiv.org/abs/2605.01158",
    ),
    TrainingFigure(
        gettext_lazy("Llama 3.1 (8, 70 et 405 Md)"),
        gettext_lazy("39,3 millions d’heures de carte à 700 W, soit 27,5 GWh ; 11 390 t de CO₂e"),
        gettext_lazy("les trois modèles, cartes comptées à leur puissance maximale (2024)"),
        "Meta",
        "https://github.com/meta-llama/llama-models/blob/main/models/llama3_1/MODEL_CARD.md",
    ),
    TrainingFigure(
        gettext_lazy("Mistral Large 2 (123 Md)"),
        gettext_lazy("20 400 t de CO₂e ; 281 000 m³ d’eau"),
        gettext_lazy("entraînement et 18 mois d’usage, fabrication comprise (2025) ; lu dans une citation"),
        "Mistral AI",
        "https://multilingual.com/?p=227003",
    ),
)


@dataclass(frozen=True, slots=True)
class TrainingShare:
    """A training as a number of answers."""

    entry: CatalogueEntry
    training_gwh: str
    answers_billions: str
    answer_tokens: int


@dataclass(frozen=True, slots=True)
class ManufactureShare:
    """CO2e of one answer by EcoLogits, in mg: making the machines, then the electricity of two mixes."""

    entry: CatalogueEntry
    hardware: str
    electricity_france: str
    electricity_world: str


def training_share(models: ModelsBySlug) -> TrainingShare | None:
    """How many of its usual answers would take the energy of the model's training, by our estimate."""
    entry = models.get(TRAINED_MODEL)
    if entry is None:
        return None
    training_wh = TRAINED_MODEL_GPU_HOURS * GPU_KW * 1000
    answers = training_wh / estimate(entry.shape, USUAL_ANSWER_TOKENS).mid_wh
    return TrainingShare(
        entry,
        format_significant(training_wh / WH_PER_GWH),
        format_significant(answers / BILLION),
        USUAL_ANSWER_TOKENS,
    )


def mistral_answers_billions() -> str:
    """How many answers of 400 tokens emit as much as Mistral says that training and 18 months of use did."""
    return format_significant(MISTRAL_TRAINING_T * 1e6 / MISTRAL_ANSWER_G / BILLION)


def openai_water_ml() -> str:
    return format_significant(OPENAI_GALLONS * LITRES_PER_GALLON * ML_PER_LITRE)


def manufacture_share(models: ModelsBySlug) -> ManufactureShare | None:
    """The share that making the machines adds to an answer, by EcoLogits."""
    entry = models.get(MANUFACTURE_EXAMPLE)
    if entry is None:
        return None
    answer = estimate(entry.shape, USUAL_ANSWER_TOKENS, COUNTS_HARDWARE)
    if answer.hardware_co2_g is None:
        return None
    france, world = (carbon(answer, zone).electricity_g for zone in ("FRA", "WOR"))
    return ManufactureShare(entry, _mg(answer.hardware_co2_g), _mg(france), _mg(world))


def _mg(grams: Interval) -> str:
    return _("%(number)s mg") % {"number": format_significant(grams.mid * MG_PER_G)}
