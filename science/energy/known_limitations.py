"""The known limitations of the estimates, by method."""

from __future__ import annotations

from science.energy.method import Limit

_HARDWARE = Limit(
    key="hardware",
    fr="La fabrication des machines n’est pas comptée.",
    en="Making the machines is not counted.",
)
_NOT_COUNTED = (
    Limit(
        key="training",
        fr="L’entraînement du modèle n’est pas compté.",
        en="Training the model is not counted.",
    ),
    Limit(
        key="network",
        fr="Le réseau entre vous et le modèle n’est pas compté.",
        en="The network between you and the model is not counted.",
    ),
    Limit(
        key="device",
        fr="Votre appareil n’est pas compté.",
        en="Your device is not counted.",
    ),
    Limit(
        key="this_site",
        fr="Ce site lui-même n’est pas compté.",
        en="This site itself is not counted.",
    ),
    Limit(
        key="prompt",
        fr="La question lue n’est pas comptée : au-delà de 1 000 jetons, l’énergie est sous-estimée.",
        en="Reading the prompt is not counted: beyond 1,000 tokens, the energy is underestimated.",
    ),
)

PHYSICAL_LIMITS = (
    *_NOT_COUNTED,
    _HARDWARE,
    Limit(
        key="long_context",
        fr="Le surcoût d’une longue conversation n’est pas compté : pour de longs raisonnements, "
        "mesurés à 64 à la fois, nous comptons environ un quart de trop peu.",
        en="The extra cost of a long conversation is not counted: for long reasoning runs, measured at 64 "
        "at once, we count about a quarter too little.",
    ),
    Limit(
        key="small_dense",
        fr="Aucun modèle dense de moins de 8 milliards de paramètres ne figure parmi les mesures.",
        en="No dense model under 8 billion parameters is among the measurements.",
    ),
    Limit(
        key="large_experts",
        fr="Les très grands mélanges d’experts servis à grande échelle sont surestimés.",
        en="Very large mixtures of experts served at scale are overestimated.",
    ),
    Limit(
        key="eight_bits",
        fr="Les modèles publiés en 8 bits s’écartent plus des mesures que les autres.",
        en="Models released in 8 bits are further from the measurements than the others.",
    ),
    Limit(
        key="hybrids",
        fr="Un modèle hybride, où un autre calcul remplace une partie de l’attention, est sous-estimé.",
        en="A hybrid model, where another computation replaces part of the attention, is underestimated.",
    ),
)
_SAME_IN_VERSION_2 = ("training", "network", "this_site", "hardware", "small_dense")
PHYSICAL_2_LIMITS = (
    *(limit for limit in PHYSICAL_LIMITS if limit.key in _SAME_IN_VERSION_2),
    Limit(
        key="device",
        fr="L’appareil qui affiche cette page n’est pas compté, sauf si c’est lui qui a répondu.",
        en="The device that shows this page is not counted, unless it is the one that answered.",
    ),
    Limit(
        key="unknown_load",
        fr="Un service en ligne ne dit pas sa charge : nous supposons 64 conversations à la fois. À "
        "8, les mesures sont environ 4 fois plus hautes ; à 1 024, près de 4 fois plus basses. "
        "Hors de 16 à 256, la fourchette peut n’en contenir que 59 %.",
        en="An online service does not tell its load: we assume 64 conversations at once. At 8, "
        "what is measured is about 4 times higher; at 1,024, nearly 4 times lower. "
        "Outside 16 to 256, the range may hold only 59% of it.",
    ),
    Limit(
        key="large_services",
        fr="Un très grand service peut consommer bien moins. Les chiffres publiés par DeepSeek en 2025 font "
        "environ 0,35 Wh pour 1 000 jetons écrits, si chaque machine de 8 cartes prend 8 à 10 kW et le "
        "bâtiment 1,1 à 1,4 fois autant ; nous trouvons 1,6 Wh, et 0,32 Wh au bas de notre fourchette. "
        "Nous n’avons pas changé notre estimation, car peu de services sont aussi grands, et les autres ne "
        "publient rien.",
        en="A very large service may take far less. The figures that DeepSeek published in 2025 make about "
        "0.35 Wh for 1,000 tokens written, if each machine of 8 GPUs takes 8 to 10 kW and the building 1.1 "
        "to 1.4 times as much; we find 1.6 Wh, and 0.32 Wh at the low end of our range. We kept our estimate "
        "because few services are that large, and the others publish nothing.",
    ),
    Limit(
        key="context_of_mixtures",
        fr="Le coût d’un long contexte est celui d’un modèle dense. Il est sans doute plus bas pour un "
        "mélange d’experts ou un modèle hybride : sur des cartes H100, les mesures de raisonnement "
        "demanderaient au moins cinq fois moins, sur des B200 un quart de moins.",
        en="The cost of a long context is that of a dense model. It is probably lower for a mixture of "
        "experts or a hybrid model: on H100 GPUs, the reasoning runs would ask for at least five times "
        "less, on B200 ones for a quarter less.",
    ),
    Limit(
        key="eight_bits",
        fr="Un mélange d’experts publié en 8 bits consomme plus que prévu quand peu de conversations sont "
        "servies ensemble : environ 3 fois plus à 8 conversations, même en sachant la charge. Pour du code à "
        "compléter, la fourchette, de 16 à 256 conversations, contient toutes les mesures en 16 bits, mais "
        "58 % seulement de celles d’un modèle de 480 milliards de paramètres en 8 bits : 86 % en tout.",
        en="A mixture of experts released in 8 bits takes more than expected where few conversations are "
        "served together: about 3 times more at 8 conversations, even when the load is known. For code to "
        "complete, at 16 to 256 conversations, the range holds all the runs in 16 bits, but only 58% of "
        "those of a model of 480 billion parameters in 8 bits: 86% in all.",
    ),
    Limit(
        key="hybrids",
        fr="Un modèle hybride, où un autre calcul remplace une partie de l’attention, est sous-estimé quand "
        "il bavarde, surestimé quand il raisonne longtemps.",
        en="A hybrid model, where another computation replaces part of the attention, is underestimated in "
        "chats, overestimated where it reasons at length.",
    ),
    Limit(
        key="prompt",
        fr="La lecture de la question est calculée, non mesurée : la longueur des questions n’est pas "
        "publiée avec les mesures, qui comprennent pourtant leur lecture. Du code à compléter en lit "
        "beaucoup pour en écrire peu : nous y comptons la moitié de ce qui est mesuré.",
        en="Reading the question is computed, not measured: the length of the questions is not published "
        "with the measurements, though these include reading them. Code to complete reads much to write "
        "little: we count half of what is measured there.",
    ),
    Limit(
        key="accelerators",
        fr="Seules des cartes H100 et B200 ont été mesurées ; d’autres sont estimées comme elles.",
        en="Only H100 and B200 GPUs were measured; others are estimated like them.",
    ),
    Limit(
        key="this_computer",
        fr="Sur un ordinateur personnel dont la puissance n’est pas lue, la fourchette va du cinquième au "
        "quintuple.",
        en="On a personal computer whose power is not read, the range goes from a fifth to five times.",
    ),
)

ECOLOGITS_LIMITS = (
    *_NOT_COUNTED,
    Limit(
        key="servers_only",
        fr="Toute réponse est comptée comme celle d’un serveur de cartes H100, même faite sur un ordinateur.",
        en="Every answer is counted as one of a server of H100 GPUs, even where a computer made it.",
    ),
    Limit(
        key="hardware_energy",
        fr="L’énergie de fabrication des machines n’est pas comptée ; leur CO₂e l’est.",
        en="The energy of making the machines is not counted; their CO₂e is.",
    ),
    Limit(
        key="precision_ignored",
        fr="Tous les modèles sont comptés en 16 bits, même publiés en 8 ou en 4 bits.",
        en="All models are counted in 16 bits, even those released in 8 or 4 bits.",
    ),
    Limit(
        key="narrow_range",
        fr="Pour une taille connue, la fourchette ne dit que le doute sur le bâtiment, non sur le calcul.",
        en="For a known size, the range only tells the doubt about the building, not about the computation.",
    ),
    Limit(
        key="host_assumed",
        fr="L’hébergeur étant inconnu, le bâtiment est celui qu’EcoLogits suppose pour Hugging Face.",
        en="As the host is not known, the building is the one EcoLogits assumes for Hugging Face.",
    ),
)
