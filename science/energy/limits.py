"""What the estimates leave out, and where each method is known to be off."""

from __future__ import annotations

from science.energy.method import Limit

NOT_COUNTED = (
    Limit(
        key="training",
        fr="L’entraînement du modèle n’est pas compté.",
        en="Training the model is not counted.",
    ),
    Limit(
        key="hardware",
        fr="La fabrication des machines n’est pas comptée.",
        en="Making the machines is not counted.",
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
    *NOT_COUNTED,
    Limit(
        key="long_context",
        fr="Le surcoût d’une longue conversation n’est pas compté : nos mesures ne le vérifient pas.",
        en="The extra cost of a long conversation is not counted: our measurements cannot check it.",
    ),
    Limit(
        key="small_dense",
        fr="Aucun modèle dense de moins de 8 milliards de paramètres ne figure parmi les mesures.",
        en="No dense model under 8 billion parameters is among the measurements.",
    ),
    Limit(
        key="large_experts",
        fr="Les très grands mélanges d’experts servis à grande échelle sont surestimés.",
        en="Very large mixtures of experts served at scale are overestimated.",
    ),
    Limit(
        key="fp8_hybrids",
        fr="Un modèle publié en 8 bits mais calculé en partie en 16 bits s’écarte jusqu’à un facteur 2.",
        en="Models released in 8 bits but partly computed in 16 bits can be off by a factor of 2.",
    ),
)
