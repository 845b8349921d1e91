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
        fr="Le surcoût d’une longue conversation n’est pas compté : nos mesures ne le vérifient pas.",
        en="The extra cost of a long conversation is not counted: our measurements cannot check it.",
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
PHYSICAL_2_LIMITS = tuple(limit for limit in PHYSICAL_LIMITS if limit.key not in {"long_context"})

ECOLOGITS_LIMITS = (
    *_NOT_COUNTED,
    Limit(
        key="hardware_energy",
        fr="L’énergie de fabrication des machines n’est pas comptée ; leur CO₂ l’est.",
        en="The energy of making the machines is not counted; their CO₂ is.",
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
