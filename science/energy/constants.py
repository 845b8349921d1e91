"""The constants of both methods, each with its unit and a source one can open."""

from __future__ import annotations

from dataclasses import dataclass

H100_DATA_SHEET = "https://www.nvidia.com/en-us/data-center/h100/"
ML_ENERGY = "https://arxiv.org/abs/2505.06371"
GOOGLE_2025 = "https://arxiv.org/abs/2508.15734"
ECOLOGITS_METHOD = "https://ecologits.ai/latest/methodology/llm_inference/"
# Its hosts' figures; those of Hugging Face, where the host of an open model is not known.
ECOLOGITS_HOSTS = "https://github.com/mlco2/ecologits/blob/0.11.3/ecologits/tracers/utils.py"


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
    "an H100 SXM reaching 57% of its 990 trillion operations per second.",
    source=H100_DATA_SHEET,
)
GPU_J = Constant(
    symbol="g",
    value=0.050,
    unit="J / GPU",
    fr="Tenir une carte mobilisée le temps d’un jeton : ajusté sur les mesures de ML.ENERGY.",
    en="Keeping one GPU occupied for the time of a token: fitted to ML.ENERGY’s measurements.",
    source=ML_ENERGY,
)
GPU_MEMORY_GB = Constant(
    symbol="M",
    value=80,
    unit="GB",
    fr="Mémoire d’une carte H100 SXM.",
    en="Memory of one H100 SXM GPU.",
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
    en="Whole energy for one unit of GPU energy: at Google, the accelerators make 58% of the whole.",
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
    fr="Modèle de taille secrète : chaque bout de l’hypothèse, divisé ou multiplié par 5. "
    "C’est un choix de prudence, que rien ne permet de mesurer.",
    en="Model of undisclosed size: each end of the assumption, divided or multiplied by 5. "
    "This is a cautious choice, which nothing can measure.",
    source=ML_ENERGY,
)
RATIO_SPREAD = Constant(
    symbol="×÷ (a/b)",
    value=2,
    unit="",
    fr="Fourchette d’un rapport entre deux réponses : du rapport central divisé par 2 à multiplié par 2.",
    en="Range of a ratio between two answers: from the middle ratio divided by 2 to multiplied by 2.",
    source=ML_ENERGY,
)
JOULES_PER_WH = 3600  # definition of the watt-hour

ECOLOGITS_BITS = Constant(
    symbol="Q",
    value=16,
    unit="bits",
    fr="Précision des paramètres, supposée la même pour tous les modèles.",
    en="Precision of the parameters, taken to be the same for all models.",
    source=ECOLOGITS_METHOD,
)
ECOLOGITS_PUE_LOW = Constant(
    symbol="PUE min",
    value=1.09,
    unit="",
    fr="Énergie du bâtiment pour une énergie de machine, bas de la fourchette quand l’hébergeur manque.",
    en="Energy of the building for one unit of machine energy, low end where the host is not known.",
    source=ECOLOGITS_HOSTS,
)
ECOLOGITS_PUE_HIGH = Constant(
    symbol="PUE max",
    value=1.14,
    unit="",
    fr="Énergie du bâtiment pour une énergie de machine, haut de la fourchette quand l’hébergeur manque.",
    en="Energy of the building for one unit of machine energy, high end where the host is not known.",
    source=ECOLOGITS_HOSTS,
)

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
ECOLOGITS_CONSTANTS = (
    BATCH,
    ECOLOGITS_BITS,
    GPU_MEMORY_GB,
    MEMORY_MARGIN,
    ECOLOGITS_PUE_LOW,
    ECOLOGITS_PUE_HIGH,
)
