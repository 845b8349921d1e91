"""The constants that `physical-2026.2` adds to those of the first version, or sets anew."""

from __future__ import annotations

from science.energy.constants import (
    BATCH,
    BUILDING_OVERHEAD,
    COMPUTE_J,
    GOOGLE_2025,
    GPU_MEMORY_GB,
    H100_DATA_SHEET,
    MEMORY_MARGIN,
    ML_ENERGY,
    RATIO_SPREAD,
    UNDISCLOSED_SPREAD,
    WEIGHT_READING_J,
    Constant,
)

DGX_B200 = "https://docs.nvidia.com/dgx/dgxb200-user-guide/introduction-to-dgxb200.html"
CONTEXT_FREE_TOKENS = 500  # about the mean context of the chat runs that the other constants were fitted on

OCCUPIED_GPU_J = Constant(
    symbol="g",
    value=0.057,
    unit="J / GPU",
    fr="Tenir une carte mobilisée le temps d’un jeton : ajusté sur les conversations mesurées par ML.ENERGY, "
    "chacune à sa propre charge, de 16 à 256 à la fois.",
    en="Keeping one GPU occupied for the time of a token: fitted to the chats that ML.ENERGY measured, "
    "each at its own load, from 16 to 256 at once.",
    source=ML_ENERGY,
)
PROMPT_J = Constant(
    symbol="p",
    value=0.0025,
    unit="J / (10⁹ active parameters)",
    fr="Lire un jeton de la question ou de l’historique : le même calcul que pour en écrire un, "
    "sans relire les poids à chaque fois.",
    en="Reading a token of the question or the history: the same computation as writing one, "
    "without reading the weights again each time.",
    source=H100_DATA_SHEET,
)
PROMPT_CACHED_SHARE = Constant(
    symbol="p min",
    value=0.1,
    unit="",
    fr="Part de la lecture qui reste quand l’hébergeur garde en mémoire un début déjà lu. "
    "C’est un choix de prudence : nous ne savons pas qui le fait.",
    en="Share of the reading that remains where the host keeps a beginning that it has read before. "
    "This is a cautious choice: we do not know who does.",
    source="https://github.com/deepseek-ai/open-infra-index",
)
PROMPT_HIGH_FACTOR = Constant(
    symbol="p max",
    value=4,
    unit="",
    fr="Combien de fois plus que prévu la lecture peut coûter, si les cartes calculent loin de leur maximum. "
    "C’est un choix de prudence.",
    en="How many times more the reading may cost, where the GPUs compute far from their maximum. "
    "This is a cautious choice.",
    source=H100_DATA_SHEET,
)
CONTEXT_J = Constant(
    symbol="k",
    value=0.010,
    unit="J / (1,000 tokens of context · √(10⁹ active parameters))",
    fr="Revenir sur ce qui a été lu et écrit, pour mille jetons de contexte au-delà de 500.",
    en="Looking back at what was read and written, for a thousand tokens of context beyond 500.",
    source=ML_ENERGY,
)
FEWEST_SERVED = Constant(
    symbol="B min",
    value=16,
    unit="conversations",
    fr="Le moins de conversations servies ensemble, dans un service dont la charge est inconnue.",
    en="Fewest conversations served together, in a service of unknown load.",
    source=ML_ENERGY,
)
MOST_SERVED = Constant(
    symbol="B max",
    value=256,
    unit="conversations",
    fr="Le plus de conversations servies ensemble, dans un service dont la charge est inconnue.",
    en="Most conversations served together, in a service of unknown load.",
    source=ML_ENERGY,
)
NEWER_GPU_MEMORY_GB = Constant(
    symbol="M max",
    value=180,
    unit="GB",
    fr="Mémoire d’une carte B200 : le bas de la fourchette suppose moins de cartes, plus grandes.",
    en="Memory of one B200 GPU: the low end of the range assumes fewer, larger GPUs.",
    source=DGX_B200,
)
OVERHEAD_LOW = Constant(
    symbol="s min",
    value=1.4,
    unit="",
    fr="Énergie totale pour une énergie de carte, au mieux : peu de machines en attente, un bâtiment sobre.",
    en="Whole energy for one unit of GPU energy, at best: few idle machines, a frugal building.",
    source=GOOGLE_2025,
)
OVERHEAD_HIGH = Constant(
    symbol="s max",
    value=2.4,
    unit="",
    fr="Énergie totale pour une énergie de carte, au pire : beaucoup de machines en attente.",
    en="Whole energy for one unit of GPU energy, at worst: many idle machines.",
    source=GOOGLE_2025,
)
DOUBT_LOW = Constant(
    symbol="÷",
    value=2,
    unit="",
    fr="Marge d’erreur vers le bas, à charge connue : au moins 95 % des conversations mesurées y sont.",
    en="Margin of error downwards, at a known load: it holds at least 95% of the measured chats.",
    source=ML_ENERGY,
)
DOUBT_HIGH = Constant(
    symbol="×",
    value=2,
    unit="",
    fr="Marge d’erreur vers le haut, à charge connue : au moins 95 % des conversations mesurées y sont.",
    en="Margin of error upwards, at a known load: it holds at least 95% of the measured chats.",
    source=ML_ENERGY,
)
DOUBT_HIGH_8_BIT_EXPERTS = Constant(
    symbol="× (8 bits)",
    value=3,
    unit="",
    fr="La même marge d’erreur pour un mélange d’experts publié en 8 bits, que nous sous-estimons à faible "
    "charge.",
    en="The same margin of error for a mixture of experts released in 8 bits, which we underestimate at low "
    "load.",
    source=ML_ENERGY,
)
TWO_CLOUDS_SPREAD = Constant(
    symbol="×÷ (a/b, ailleurs)",
    value=5,
    unit="",
    fr="Fourchette d’un rapport entre deux réponses de deux services, chacun à une charge inconnue.",
    en="Range of a ratio between two answers of two services, each at an unknown load.",
    source=ML_ENERGY,
)
TWO_SERVERS_SPREAD = Constant(
    symbol="×÷ (a/b, charges connues)",
    value=2.5,
    unit="",
    fr="Fourchette d’un rapport entre deux réponses de deux serveurs dont la charge est connue.",
    en="Range of a ratio between two answers of two servers of known load.",
    source=ML_ENERGY,
)

PHYSICAL_2_CONSTANTS = (
    BATCH,
    FEWEST_SERVED,
    MOST_SERVED,
    WEIGHT_READING_J,
    COMPUTE_J,
    OCCUPIED_GPU_J,
    GPU_MEMORY_GB,
    NEWER_GPU_MEMORY_GB,
    MEMORY_MARGIN,
    PROMPT_J,
    PROMPT_CACHED_SHARE,
    PROMPT_HIGH_FACTOR,
    CONTEXT_J,
    BUILDING_OVERHEAD,
    OVERHEAD_LOW,
    OVERHEAD_HIGH,
    DOUBT_LOW,
    DOUBT_HIGH,
    DOUBT_HIGH_8_BIT_EXPERTS,
    UNDISCLOSED_SPREAD,
    RATIO_SPREAD,
    TWO_CLOUDS_SPREAD,
    TWO_SERVERS_SPREAD,
)
