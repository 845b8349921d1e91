"""The glossary: each term in two sentences at most, with the lesson that explains it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class GlossaryTerm:
    """A term, its meaning, and the URL name of its lesson, if any."""

    key: str
    name: str | Promise
    meaning: str | Promise
    more: str = ""


TERMS = (
    GlossaryTerm(
        "active",
        _("Paramètres actifs"),
        _(
            "Les paramètres qui travaillent vraiment pour un jeton. Dans un modèle dense, tous ; "
            "dans un mélange d’experts, une partie."
        ),
        "learn:architecture",
    ),
    GlossaryTerm(
        "architecture",
        _("Architecture"),
        _("La façon dont un modèle est construit : dense, mélange d’experts ou MatFormer, par exemple."),
        "learn:architecture",
    ),
    GlossaryTerm(
        "card",
        _("Carte (GPU)"),
        _(
            "Un processeur qui fait des milliers de calculs en même temps. "
            "Un grand modèle en occupe plusieurs à la fois."
        ),
        "learn:size",
    ),
    GlossaryTerm(
        "context-window",
        _("Fenêtre de contexte"),
        _("Le nombre de jetons qu’un modèle peut tenir à la fois : question, historique et réponse."),
        "learn:tokens",
    ),
    GlossaryTerm(
        "dense",
        _("Dense"),
        _("Se dit d’un modèle dont tous les paramètres travaillent à chaque jeton."),
        "learn:architecture",
    ),
    GlossaryTerm(
        "effective",
        _("Paramètres effectifs"),
        _(
            "Dans Gemma 3n, les paramètres qui calculent pour du texte. Les autres sont une table, où chaque "
            "jeton ne lit que sa ligne, et ce qui sert aux images et aux sons."
        ),
        "learn:architecture",
    ),
    GlossaryTerm(
        "expert",
        _("Expert"),
        _(
            "Un morceau de modèle parmi d’autres semblables. Il n’a pas de spécialité : "
            "le modèle a appris seul quand l’appeler."
        ),
        "learn:architecture",
    ),
    GlossaryTerm(
        "equivalent",
        _("Équivalent"),
        _("La même énergie, employée à autre chose : éclairer, charger un téléphone, chauffer de l’eau."),
        "learn:simulator",
    ),
    GlossaryTerm(
        "estimate",
        _("Estimation"),
        _("Un calcul à partir de ce qu’on sait, et non une mesure. Nous y joignons toujours une fourchette."),
        "learn:method",
    ),
    GlossaryTerm(
        "hypothesis",
        _("Hypothèse"),
        _("Ce que nous supposons quand le fabricant ne publie pas la taille d’un modèle."),
        "learn:method",
    ),
    GlossaryTerm(
        "inference",
        _("Inférence"),
        _("Le moment où un modèle déjà entraîné répond. C’est la seule dépense que ce site estime."),
        "learn:method",
    ),
    GlossaryTerm(
        "joule",
        _("Joule (J)"),
        _("L’unité d’énergie des physiciens. Un watt-heure en contient 3 600."),
        "learn:method",
    ),
    GlossaryTerm(
        "language-model",
        _("Modèle de langage"),
        _("Un programme qui écrit en devinant, jeton après jeton, une suite probable d’un texte."),
        "learn:index",
    ),
    GlossaryTerm(
        "log-scale",
        _("Échelle logarithmique"),
        _(
            "Une échelle où, d’un trait au suivant, on multiplie par dix. "
            "Elle montre sur un même dessin le minuscule et l’énorme."
        ),
        "learn:size",
    ),
    GlossaryTerm(
        "matformer",
        _("MatFormer"),
        _(
            "Des modèles emboîtés comme des poupées russes : on tire le petit du grand, "
            "puis il écrit seul toute la réponse."
        ),
        "learn:architecture",
    ),
    GlossaryTerm(
        "mixture",
        _("Mélange d’experts"),
        _(
            "Un modèle découpé en morceaux, les experts, dont quelques-uns seulement calculent "
            "pour chaque jeton."
        ),
        "learn:architecture",
    ),
    GlossaryTerm(
        "open-weights",
        _("Poids ouverts"),
        _(
            "Se dit d’un modèle dont chacun peut télécharger les poids. "
            "Sa taille est alors connue, et son énergie mieux estimée."
        ),
    ),
    GlossaryTerm(
        "parameter",
        _("Paramètre"),
        _("Un nombre réglé pendant l’entraînement. Les grands modèles en ont des centaines de milliards."),
        "learn:size",
    ),
    GlossaryTerm(
        "precision",
        _("Précision"),
        _(
            "Le nombre de bits qui notent chaque paramètre. Deux fois moins de bits, c’est deux fois moins "
            "de mémoire à lire, pour autant de paramètres."
        ),
        "learn:simulator",
    ),
    GlossaryTerm(
        "range",
        _("Fourchette"),
        _("Les deux valeurs entre lesquelles se trouve très probablement l’énergie réelle."),
        "learn:method",
    ),
    GlossaryTerm(
        "reasoning",
        _("Réflexion"),
        _(
            "Un brouillon que certains modèles écrivent avant de répondre, souvent caché. "
            "Il est fait de jetons : il consomme au moins autant qu’un texte visible de même longueur."
        ),
        "learn:tokens",
    ),
    GlossaryTerm(
        "size",
        _("Taille"),
        _("Le nombre de paramètres d’un modèle. « 70B » se lit « 70 milliards », de l’anglais billion."),
        "learn:size",
    ),
    GlossaryTerm(
        "together",
        _("Conversations servies ensemble"),
        _(
            "Une machine répond à beaucoup de gens à la fois. Elle lit les poids une seule fois pour tous : "
            "plus ils sont nombreux, moins chacun consomme."
        ),
        "learn:simulator",
    ),
    GlossaryTerm(
        "token",
        _("Jeton"),
        _("Un morceau de texte, souvent plus court qu’un mot. Les modèles lisent et écrivent par jetons."),
        "learn:tokens",
    ),
    GlossaryTerm(
        "training",
        _("Entraînement"),
        _("Le long apprentissage d’un modèle, avant qu’il serve. Il n’est pas dans nos watt-heures."),
        "learn:training",
    ),
    GlossaryTerm(
        "vocabulary",
        _("Vocabulaire"),
        _("La liste de tous les jetons qu’un modèle connaît. Chaque famille de modèles a la sienne."),
        "learn:tokens",
    ),
    GlossaryTerm(
        "watt-hour",
        _("Watt-heure (Wh)"),
        _("L’énergie d’un appareil d’un watt allumé pendant une heure."),
        "learn:simulator",
    ),
    GlossaryTerm(
        "weights",
        _("Poids"),
        _("L’autre nom des paramètres, une fois rangés dans un fichier : ce que la machine doit relire."),
        "learn:size",
    ),
)
TERMS_BY_KEY = {term.key: term for term in TERMS}
