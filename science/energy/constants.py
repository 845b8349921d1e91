"""The constants of the `physical-2026` method, each with its unit and a source one can open."""

from __future__ import annotations

from dataclasses import dataclass

H100_DATA_SHEET = "https://www.nvidia.com/en-us/data-center/h100/"
ML_ENERGY = "https://arxiv.org/abs/2505.06371"
GOOGLE_2025 = "https://arxiv.org/abs/2508.15734"
ECOLOGITS_METHOD = "https://ecologits.ai/latest/methodology/llm_inference/"


@dataclass(frozen=True)
class Constant:
    """A number of a method: what it stands for (in French and English), its unit, its source."""

    symbol: str
    value: float
    unit: str
    fr: str
    en: str
    source: str


BATCH = Constant(
    symbol="B",
    value=64,
    unit="conversations",
    fr="Conversations servies ensemble par la même machine, comme chez EcoLogits.",
    en="Conversations served together by one machine, as EcoLogits assumes.",
    source=ECOLOGITS_METHOD,
)
WEIGHT_READING_J = Constant(
    symbol="r",
    value=0.42,
    unit="J / (10⁹ parameters at 16 bits)",
    fr="Lire un milliard de paramètres de 16 bits : 2 Go à 3 350 Go/s, à 700 W (H100 SXM).",
    en="Reading a billion 16-bit parameters: 2 GB at 3,350 GB/s and 700 W (H100 SXM).",
    source=H100_DATA_SHEET,
)
COMPUTE_J = Constant(
    symbol="c",
    value=0.0025,
    unit="J / (10⁹ active parameters)",
    fr="Calculer avec un milliard de paramètres : 2 milliards d’opérations à 700 W, "
    "un H100 SXM tenant 57 % de ses 990 mille milliards d’opérations par seconde.",
    en="Computing with a billion parameters: 2 billion operations at 700 W, "
    "an H100 SXM reaching 57 % of its 990 trillion operations per second.",
    source=H100_DATA_SHEET,
)
GPU_J = Constant(
    symbol="g",
    value=0.050,
    unit="J / GPU",
    fr="Tenir une carte mobilisée le temps d’un jeton : ajusté sur les mesures de ML.ENERGY.",
    en="Keeping one card mobilised for the time of a token: fitted on ML.ENERGY's measurements.",
    source=ML_ENERGY,
)
GPU_MEMORY_GB = Constant(
    symbol="M",
    value=80,
    unit="GB",
    fr="Mémoire d’une carte H100 SXM.",
    en="Memory of one H100 SXM card.",
    source=H100_DATA_SHEET,
)
MEMORY_MARGIN = Constant(
    symbol="m",
    value=1.2,
    unit="",
    fr="Mémoire réservée au-delà des seuls paramètres, comme chez EcoLogits.",
    en="Memory set aside beyond the parameters themselves, as EcoLogits assumes.",
    source=ECOLOGITS_METHOD,
)
BUILDING_OVERHEAD = Constant(
    symbol="s",
    value=1.7,
    unit="",
    fr="Énergie totale pour une énergie de carte : chez Google, les cartes font 58 % du total.",
    en="Whole energy for one of card energy: at Google, the cards make 58 % of the whole.",
    source=GOOGLE_2025,
)
DISCLOSED_SPREAD = Constant(
    symbol="×÷",
    value=3,
    unit="",
    fr="Fourchette affichée : de l’énergie centrale divisée par 3 à multipliée par 3.",
    en="Range shown: from the middle energy divided by 3 to multiplied by 3.",
    source=ML_ENERGY,
)
UNDISCLOSED_SPREAD = Constant(
    symbol="×÷ (?)",
    value=5,
    unit="",
    fr="Modèle à la taille tenue secrète : chaque bout de l’hypothèse, divisé ou multiplié par 5.",
    en="Model of undisclosed size: each end of the hypothesis, divided or multiplied by 5.",
    source=ML_ENERGY,
)
RATIO_SPREAD = Constant(
    symbol="×÷ (a/b)",
    value=2,
    unit="",
    fr="Rapport entre deux réponses : divisé par 2 à multiplié par 2, "
    "ce qui couvre 95 % des paires de modèles mesurées sur une même carte.",
    en="Ratio between two answers: divided by 2 to multiplied by 2, "
    "which covers 95 % of the pairs of models measured on one kind of card.",
    source=ML_ENERGY,
)

JOULES_PER_WH = 3600  # definition of the watt-hour

PHYSICAL_CONSTANTS = (
    BATCH,
    WEIGHT_READING_J,
    COMPUTE_J,
    GPU_J,
    GPU_MEMORY_GB,
    MEMORY_MARGIN,
    BUILDING_OVERHEAD,
    DISCLOSED_SPREAD,
    UNDISCLOSED_SPREAD,
    RATIO_SPREAD,
)
