"""Published estimates and measurements, each with its source, and the history of our methods."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from duels.reveal.ratio_labels import method_date, method_label
from science.energy import Architecture, ModelShape, carbon, estimate, method_named
from web.formatting import format_significant


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
    changed: str | Promise

    @property
    def label(self) -> str:
        return method_label(method_named(self.method))

    @property
    def number(self) -> str:
        return method_named(self.method).version

    @property
    def date(self) -> str:
        return method_date(method_named(self.method))


REFERENCES = (
    Reference(
        "EcoLogits",
        _(
            "Une bibliothèque libre : l’énergie d’une carte suit une droite selon les paramètres actifs, "
            "ajustée sur des mesures. Elle estime aussi le CO₂e et les métaux. C’est notre seconde méthode."
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
            "Des mesures sur de vraies cartes, et non des estimations : n’importe qui peut les refaire, "
            "pour un modèle ouvert. Ce sont elles qui vérifient les nôtres."
        ),
        "https://ml.energy/leaderboard",
    ),
    Reference(
        "Google",
        _(
            "Mesure chez lui 0,24 Wh pour une demande médiane de texte à Gemini (août 2025) : 58 % pour "
            "les puces, 25 % pour les processeurs et la mémoire, 10 % pour des machines en attente, "
            "8 % pour le bâtiment. Google ne donne ni la taille du modèle ni le nombre de jetons."
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
        "Microsoft",
        _(
            "Calcule 0,31 Wh par demande pour de très grands modèles servis en nombre, et 3,91 Wh pour une "
            "réponse quinze fois plus longue (version de juin 2026)."
        ),
        "https://arxiv.org/abs/2509.20241",
    ),
    Reference(
        "Mistral AI",
        _(
            "Publie le bilan complet de Mistral Large 2 : 1,14 g de CO₂e pour une réponse de 400 jetons "
            "(juillet 2025), fabrication et machines en attente comprises. L’énergie seule n’y est pas."
        ),
        "https://mistral.ai/news/our-contribution-to-a-global-environmental-standard-for-ai",
    ),
)

VERSIONS = (
    MethodVersion(
        "physical-2026.2",
        _(
            "Compte aussi ce qui est lu, le contexte et l’endroit où la réponse est faite : grand service, "
            "serveur à soi, ordinateur personnel. Les experts sont comptés un par un. La fourchette vient de "
            "la charge, de 16 à 256 réponses à la fois, et de l’incertitude sur le bâtiment."
        ),
    ),
    MethodVersion(
        "physical-2026",
        _(
            "Première version : trois parts, une constante ajustée sur les mesures de ML.ENERGY à "
            "64 conversations ensemble. Elle reste disponible, au chiffre près."
        ),
    ),
    MethodVersion(
        "ecologits-0.11.3",
        _("EcoLogits tel que publié, avec ses propres fourchettes, sans supposer d’électricité."),
    ),
)

MISTRAL_LARGE_2 = ModelShape(Architecture.DENSE, 123)
MISTRAL_TOKENS = 400
MISTRAL_CO2E_MG = 1140
MG_PER_G = 1000


@dataclass(frozen=True, slots=True)
class MistralComparison:
    """The CO2e of Mistral's answer by our estimate, in mg, with two mixes, and how far below it is."""

    france: str
    world: str
    least: str
    most: str


def mistral_comparison() -> MistralComparison:
    answer = estimate(MISTRAL_LARGE_2, MISTRAL_TOKENS)
    france_mg, world_mg = (carbon(answer, zone).electricity_g.mid * MG_PER_G for zone in ("FRA", "WOR"))
    return MistralComparison(
        france=format_significant(france_mg),
        world=format_significant(world_mg),
        least=format_significant(MISTRAL_CO2E_MG / world_mg, digits=1),
        most=format_significant(MISTRAL_CO2E_MG / france_mg, digits=1),
    )
