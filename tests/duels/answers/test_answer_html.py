"""Markdown is rendered once and stored; another renderer renders it again."""

import pytest
from django.test import Client

from duels.answers import answer_html
from duels.markdown import to_html, version
from duels.models import Answer, Duel, Share, Vote
from duels.sharing import links
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def duel() -> Duel:
    """A duel with its result shared, whose answers an older renderer has made."""
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b(), texts=("Un **mot**.", "Deux *mots*."))
    cast.vote(duel, Vote.Choice.A)
    Answer.objects.update(html="<p>autrefois</p>", html_version="older")
    return duel


def test_what_an_older_renderer_made_is_made_again_once_for_all_pages(
    client: Client, duel: Duel, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []

    def render(text: str) -> str:
        rendered.append(text)
        return to_html(text)

    monkeypatch.setattr(answer_html, "to_html", render)
    shared = links.url_for(Share.objects.create(duel=duel, with_text=True))
    pages = [client.get(shared).content.decode() for _ in range(3)]
    assert len(rendered) == 2
    assert all("<strong>mot</strong>" in page and "autrefois" not in page for page in pages)
    assert set(Answer.objects.values_list("html_version", flat=True)) == {version.RENDERER_VERSION}


def test_the_version_follows_from_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    before = version.renderer_version()
    assert before == version.RENDERER_VERSION
    monkeypatch.setattr(version, "PACKAGES", ("nh3",))
    assert version.renderer_version() != before
