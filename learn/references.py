"""Other estimates and measurements, each with its source, and the versions of our methods."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from duels.reveal.ratio_labels import method_label
from science.energy import method_named


@dataclass(frozen=True, slots=True)
class Reference:
    """Another site, tool or maker: what it publishes, and where."""

    name: str
    does: str | Promise
    source: str


@dataclass(frozen=True, slots=True)
class MethodVersion:
    """A version of one of our methods, and what it changed."""

    method: str
    version: str
    changed: str | Promise

    @property
    def label(self) -> str:
        return method_label(method_named(self.method))


REFERENCES = (
    Reference(
        "EcoLogits",
        _(
            "Une bibliothèque libre : l’énergie d’une carte suit une droite selon les paramètres actifs, "
            "ajustée sur des mesures. Elle estime aussi le CO₂ et les métaux. C’est notre seconde méthode."
        ),
        "https://ecologits.ai/latest/methodology/llm_inference/",
    ),
    Reference(
        "compar:IA",
        _(
            "Le comparateur public français, dont ce site s’inspire. Il estime avec EcoLogits "
            "et ne place pas sur son graphique les modèles dont la taille est secrète."
        ),
        "https://github.com/betagouv/ComparIA",
    ),
    Reference(
        "ML.ENERGY",
        _(
            "Des mesures sur de vraies cartes, et non des estimations. "
            "Ce sont elles qui vérifient les nôtres."
        ),
        "https://ml.energy/leaderboard",
    ),
    Reference(
        "Google",
        _(
            "Mesure chez lui 0,24 Wh pour une demande médiane de texte à Gemini, machines en attente et "
            "bâtiment compris (août 2025). Ni la taille du modèle ni le nombre de jetons ne sont dits."
        ),
        "https://arxiv.org/abs/2508.15734",
    ),
    Reference(
        "OpenAI",
        _(
            "Son directeur écrit qu’une demande moyenne à ChatGPT prend environ 0,34 Wh (juin 2025), "
            "sans dire comment c’est compté."
        ),
        "https://blog.samaltman.com/the-gentle-singularity",
    ),
    Reference(
        "Mistral AI",
        _(
            "Publie le bilan complet de Mistral Large 2 : 1,14 g de CO₂ pour une réponse de 400 jetons "
            "(juillet 2025). L’énergie seule n’y est pas."
        ),
        "https://mistral.ai/news/our-contribution-to-a-global-environmental-standard-for-ai",
    ),
)

VERSIONS = (
    MethodVersion(
        "physical-2026",
        "1",
        _("Première version : trois parts, une constante ajustée sur les mesures de ML.ENERGY."),
    ),
    MethodVersion(
        "ecologits-0.11.3",
        "0.11.3",
        _("EcoLogits tel que publié, avec ses propres fourchettes, sans supposer d’électricité."),
    ),
)
