"""Duels of the cast with counts that a test chooses, and their page as a visitor reads it."""

import html
import re

from django.test import Client

from duels.models import Answer, Duel, Vote
from models_registry.models import LanguageModel
from tests import cast


def played(
    left: LanguageModel,
    right: LanguageModel,
    *,
    tokens: tuple[int, int] = (312, 268),
    reasoning: tuple[int, int] = (0, 0),
    visitor: str = cast.A_VISITOR,
) -> Duel:
    """A duel whose answers have ended with these counts, not voted on yet."""
    duel = cast.make_duel(left, right, visitor=visitor)
    for side, tokens_out, hidden in zip("ab", tokens, reasoning, strict=True):
        Answer.objects.filter(turn__duel=duel, side=side).update(
            tokens_out=tokens_out, reasoning_tokens=hidden, count_source=Answer.CountSource.REPORTED
        )
    return duel


def revealed_duel(
    client: Client, left: LanguageModel, right: LanguageModel, **counts: tuple[int, int]
) -> Duel:
    """A duel of this client's visitor, with these counts, voted on."""
    duel = played(left, right, visitor=cast.visitor_in(client), **counts)
    cast.vote(duel, Vote.Choice.B)
    return duel


def page_of(client: Client, duel: Duel, query: str = "") -> str:
    """The page's source, with the characters that a browser shows."""
    response = client.get(duel.get_absolute_url() + query)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def words_of(client: Client, duel: Duel, query: str = "") -> str:
    """The words of the page's main part, without its markup; every space is a plain one."""
    main = page_of(client, duel, query).partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())
