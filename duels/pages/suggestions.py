"""Prompts to begin with, by topic, as curators have written them for the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, zip_longest

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from duels.models import Suggestion, Topic
from web.cached_for import cached_for

PER_PAGE = 3
LOOK_FOR = {  # in the answers
    Topic.SMALL: _("La tâche est simple : voyez si le plus grand des deux fait vraiment mieux."),
    Topic.FACT: _(
        "Une IA se trompe parfois avec assurance, ou suit une question fausse : vérifiez avant de voter."
    ),
    Topic.LENGTH: _("Plus une réponse est longue, plus elle consomme : la longue en dit-elle davantage ?"),
    Topic.ARITHMETIC: _(
        "Refaites l’opération : une IA choisit des mots probables, elle ne pose pas toujours le calcul."
    ),
    Topic.SUMMARY: _("Tout ce qui compte y est-il, et rien d’inventé ?"),
    Topic.TRANSLATION: _("Le sens y est-il, et le ton ? Relisez à voix haute."),
    Topic.ADVICE: _("Le conseil est-il précis, prudent, fait pour vous ?"),
    Topic.SCHOOL: _("La réponse aide-t-elle à comprendre, ou fait-elle le travail à votre place ?"),
    Topic.SOBRIETY: _("Fallait-il une IA pour cela, et une réponse aussi longue ?"),
}


@dataclass(frozen=True, slots=True)
class Idea:
    """A suggestion in one language; words [in brackets] are for the reader to replace."""

    topic: Topic
    prompt: str


class Ideas(tuple[Idea, ...]):
    """Those of one language, in the curators' order, with what pages derive from them."""

    def on(self, topic: Topic) -> list[Idea]:
        return [idea for idea in self if idea.topic is topic]

    @cached_property
    def topics(self) -> list[Topic]:
        """Those that have an idea."""
        return [topic for topic in Topic if self.on(topic)]

    @cached_property
    def mixed(self) -> list[Idea]:
        """The first of each topic, then the second of each, …: neighbours differ in their topic."""
        rounds = zip_longest(*map(self.on, self.topics))
        return [idea for idea in chain.from_iterable(rounds) if idea]

    @property
    def page_count(self) -> int:
        return -(-len(self) // PER_PAGE) or 1

    @cached_property
    def key(self) -> int:
        """Equal for equal ideas: part of the key of a cached page."""
        return hash(self)


@cached_for(seconds=lambda: settings.CANDIDATES_TTL_SECONDS)
def ideas_by_language() -> dict[str, Ideas]:
    """The enabled suggestions at the last query, CANDIDATES_TTL_SECONDS ago at most."""
    rows = list(Suggestion.objects.filter(is_enabled=True).values_list("topic", "text_fr", "text_en"))
    french = Ideas(Idea(Topic(topic), text) for topic, text, _english in rows if text)
    english = Ideas(Idea(Topic(topic), text) for topic, _french, text in rows if text)
    return {"fr": french, "en": english}


def ideas() -> Ideas:
    """Those in the reader's language."""
    return ideas_by_language()[get_language() or "fr"]


@dataclass(frozen=True)
class SuggestionPage:
    """The ideas shown together; next_page of all of them, or the one topic they are on."""

    shown: list[Idea]
    topics: list[Topic]
    topic: Topic | None = None
    next_page: int | None = None

    @property
    def look_for(self) -> str | Promise:
        """The thing to look for in the answers; empty where the topics are mixed."""
        return LOOK_FOR[self.topic] if self.topic else ""


def suggestion_page(query: Mapping[str, str]) -> SuggestionPage:
    """The ideas on `?topic=`, else page `?page=` of all; the first page follows the last."""
    found = ideas()
    for topic in found.topics:
        if topic.value == query.get("topic"):
            return SuggestionPage(found.on(topic), found.topics, topic)
    page = _page_number(query.get("page", ""), found.page_count)
    shown = found.mixed[(page - 1) * PER_PAGE : page * PER_PAGE]
    return SuggestionPage(shown, found.topics, next_page=page % found.page_count + 1)


def _page_number(text: str, last: int) -> int:
    """From 1 to the last; 1 for anything else in the address."""
    return {str(page): page for page in range(1, last + 1)}.get(text, 1)
