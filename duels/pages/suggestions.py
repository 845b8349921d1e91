"""Prompts to begin with, by topic; the English ones are written for English readers, not translated."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

PER_PAGE = 3


@dataclass(frozen=True)
class Topic:
    """What some prompts show about models, and what to look for in the answers; slug: for addresses."""

    slug: str
    label: str | Promise
    look_for: str | Promise


@dataclass(frozen=True)
class Suggestion:
    """A prompt in both languages; words [in brackets] are for the reader to replace."""

    topic: Topic
    french: str
    english: str

    @property
    def prompt(self) -> str:
        """The prompt in the reader's language."""
        return self.english if get_language() == "en" else self.french


SMALL = Topic(
    "small-model",
    _("Un petit modèle suffit-il ?"),
    _("La tâche est simple : voyez si le plus grand des deux fait vraiment mieux."),
)
FACT = Topic(
    "fact-check",
    _("Un fait à vérifier"),
    _("Une IA se trompe parfois avec assurance, ou suit une question fausse : vérifiez avant de voter."),
)
LENGTH = Topic(
    "short-or-long",
    _("Court ou long ?"),
    _("Plus une réponse est longue, plus elle consomme : la longue en dit-elle davantage ?"),
)
ARITHMETIC = Topic(
    "arithmetic",
    _("Calcul"),
    _("Refaites l’opération : une IA choisit des mots probables, elle ne pose pas toujours le calcul."),
)
SUMMARY = Topic(
    "summary",
    _("Résumé"),
    _("Tout ce qui compte y est-il, et rien d’inventé ?"),
)
TRANSLATION = Topic(
    "translation",
    _("Traduction"),
    _("Le sens y est-il, et le ton ? Relisez à voix haute."),
)
ADVICE = Topic(
    "advice",
    _("Conseil"),
    _("Le conseil est-il précis, prudent, fait pour vous ?"),
)
SCHOOL = Topic(
    "school",
    _("École"),
    _("La réponse aide-t-elle à comprendre, ou fait-elle le travail à votre place ?"),
)
SOBRIETY = Topic(
    "sobriety",
    _("Sobriété"),
    _("Fallait-il une IA pour cela, et une réponse aussi longue ?"),
)
TOPICS = (SMALL, FACT, LENGTH, ARITHMETIC, SUMMARY, TRANSLATION, ADVICE, SCHOOL, SOBRIETY)

SUGGESTIONS = (
    Suggestion(
        SMALL,
        "Corrige cette phrase et explique ton choix : « Les fleurs que j’ai cueilli sont fanés. »",
        "Correct this sentence and explain your choice: “Him and me has went to the market.”",
    ),
    Suggestion(
        SMALL,
        "Écris un message poli pour déplacer mon rendez-vous chez [le dentiste] à la semaine prochaine.",
        "Write a polite message to move my appointment with [the dentist] to next week.",
    ),
    Suggestion(
        SMALL,
        "Classe ces courses par rayon : tomates, lessive, yaourts, pain, éponges, pommes, beurre.",
        "Sort this shopping by aisle: tomatoes, washing powder, yoghurt, bread, sponges, apples, butter.",
    ),
    Suggestion(
        FACT,
        "Qui a gagné le Tour de France 1989, et avec combien de secondes d’avance ?",
        "Who won the 1989 Tour de France, and by how many seconds?",
    ),
    Suggestion(
        FACT,
        "En quelle année Marie Curie a-t-elle reçu son troisième prix Nobel ?",
        "In which year did Marie Curie receive her third Nobel Prize?",
    ),
    Suggestion(
        FACT,
        "Cite trois phrases de Victor Hugo sur la mer, avec le livre et le chapitre.",
        "Quote three sentences by Charles Dickens about the sea, with the book and the chapter.",
    ),
    Suggestion(
        LENGTH,
        "Réponds en une seule phrase : pourquoi le pain lève-t-il ?",
        "Answer in a single sentence: why does bread rise?",
    ),
    Suggestion(
        LENGTH,
        "Explique en détail, avec des exemples, pourquoi le pain lève.",
        "Explain in detail, with examples, why bread rises.",
    ),
    Suggestion(
        LENGTH,
        "Quelle est la capitale de l’Australie ? Réponds d’un seul mot.",
        "What is the capital of Australia? Answer in one word.",
    ),
    Suggestion(
        ARITHMETIC,
        "Un train part à 9 h 47 et arrive à 13 h 12. Combien de temps dure le trajet ?",
        "A train leaves at 9.47 am and arrives at 1.12 pm. How long is the journey?",
    ),
    Suggestion(
        ARITHMETIC,
        "Combien de fois la lettre « r » est-elle dans « réfrigérateur » ?",
        "How many times is the letter “r” in “refrigerator”?",
    ),
    Suggestion(
        ARITHMETIC,
        "Une veste à 80 € est soldée à −30 %, puis encore à −10 % en caisse. Combien la paie-t-on ?",
        "An £80 jacket is reduced by 30%, then by a further 10% at the till. What does it cost?",
    ),
    Suggestion(
        SUMMARY,
        "Résume en une phrase : « À partir du 4 novembre, la rue de l’École est fermée aux voitures de 8 h à "
        "9 h et de 16 h à 17 h. Les riverains gardent l’accès. Un parking relais ouvre place du Marché, à "
        "cinq minutes à pied. Un bilan sera présenté aux parents en février. »",
        "Sum up in one sentence: “From 4 November, School Lane is closed to cars from 8 to 9 am and from 3 "
        "to 4 pm. Residents keep their access. A car park opens in Market Square, five minutes away on foot. "
        "Parents will be told how it went in February.”",
    ),
    Suggestion(
        SUMMARY,
        "Résume en trois points, sans rien ajouter : « Pour détartrer une bouilloire, versez-y moitié eau, "
        "moitié vinaigre blanc. Chauffez sans faire bouillir, attendez vingt minutes, videz et rincez deux "
        "fois. Ne mélangez jamais vinaigre et eau de Javel : le gaz produit est toxique. »",
        "Sum up in three points, adding nothing: “To descale a kettle, fill it with half water, half white "
        "vinegar. Warm it without boiling, wait twenty minutes, empty it and rinse twice. Never mix vinegar "
        "and bleach: they give off a toxic gas.”",
    ),
    Suggestion(
        SUMMARY,
        "Résume en vingt mots au plus : [collez ici votre texte]",
        "Sum up in twenty words at most: [paste your text here]",
    ),
    Suggestion(
        TRANSLATION,
        "Traduis en anglais, d’un ton amical : « Retrouvons-nous à midi pile devant la gare, ne sois pas en "
        "retard ! »",
        "Translate into French, in a friendly tone: “Let’s meet outside the station at noon sharp, don’t be "
        "late!”",
    ),
    Suggestion(
        TRANSLATION,
        "Comment dit-on « il pleut des cordes » et « poser un lapin » en anglais et en espagnol ?",
        "How do you say “it’s raining cats and dogs” and “to stand someone up” in French and Spanish?",
    ),
    Suggestion(
        TRANSLATION,
        "Traduis en anglais et en espagnol : « Où est la pharmacie la plus proche, s’il vous plaît ? »",
        "Translate into French and Spanish: “Where is the nearest chemist’s, please?”",
    ),
    Suggestion(
        ADVICE,
        "Propose une journée à [ville] avec deux enfants, sans voiture.",
        "Plan a day in [city] with two children and no car.",
    ),
    Suggestion(
        ADVICE,
        "Je reçois six amis dimanche, dont une végétarienne, pour 40 € en tout. Propose un menu simple.",
        "Six friends come on Sunday, one is vegetarian, and I have £40 in all. Suggest a simple menu.",
    ),
    Suggestion(
        ADVICE,
        "Je prépare un entretien d’embauche pour être [vendeur]. Pose-moi cinq questions difficiles.",
        "I am preparing for an interview as a [shop assistant]. Ask me five difficult questions.",
    ),
    Suggestion(
        SCHOOL,
        "Explique à un enfant de dix ans pourquoi le ciel est bleu.",
        "Explain to a ten-year-old why the sky is blue.",
    ),
    Suggestion(
        SCHOOL,
        "Écris cinq questions de quiz, avec leurs réponses, sur [la Révolution française], pour le collège.",
        "Write five quiz questions, with their answers, on [the Romans in Britain], for twelve-year-olds.",
    ),
    Suggestion(
        SCHOOL,
        "Je confonds l’imparfait et le passé simple. Aide-moi avec trois exemples, sans me faire un cours.",
        "I mix up “its” and “it’s”. Help me with three examples, without a whole lesson.",
    ),
    Suggestion(
        SOBRIETY,
        "Convertis 20 °C en degrés Fahrenheit. Rien que le résultat.",
        "Convert 68 °F to degrees Celsius. Just the result.",
    ),
    Suggestion(
        SOBRIETY,
        "Donne trois gestes qui économisent vraiment l’électricité chez soi, en une ligne chacun.",
        "Give three habits that really save electricity at home, one line each.",
    ),
    Suggestion(
        SOBRIETY,
        "Récris ma question pour que la réponse soit courte et utile : [collez ici votre question]",
        "Rewrite my question so that the answer is short and useful: [paste your question here]",
    ),
)


def suggestions_on(topic: Topic) -> list[Suggestion]:
    return [suggestion for suggestion in SUGGESTIONS if suggestion.topic is topic]


# The first suggestion of each topic, then the second of each, …: neighbours differ in their topic.
MIXED = list(chain.from_iterable(zip(*map(suggestions_on, TOPICS), strict=True)))
PAGES = len(MIXED) // PER_PAGE


@dataclass(frozen=True)
class SuggestionPage:
    """The suggestions shown together; next_page of all of them, or the one topic they are on."""

    shown: list[Suggestion]
    topic: Topic | None = None
    next_page: int | None = None
    topics: tuple[Topic, ...] = TOPICS


def suggestion_page(query: Mapping[str, str]) -> SuggestionPage:
    """The suggestions on `?topic=`, else page `?page=` of all; the first page follows the last."""
    for topic in TOPICS:
        if topic.slug == query.get("topic"):
            return SuggestionPage(suggestions_on(topic), topic)
    page = _page_number(query.get("page", ""))
    return SuggestionPage(MIXED[(page - 1) * PER_PAGE : page * PER_PAGE], next_page=page % PAGES + 1)


def _page_number(text: str) -> int:
    """From 1 to PAGES; 1 for anything else in the address."""
    return {str(page): page for page in range(1, PAGES + 1)}.get(text, 1)
