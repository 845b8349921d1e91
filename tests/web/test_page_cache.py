"""Pages that are laid out once: the same to everybody, but for the words of each."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe

from web import page_cache


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "_pages", {})


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Lays out `{number} {name} {url}`; says in how many layouts it was."""
    layouts = []

    def laid_out(template_name: str, context: dict[str, str], request: HttpRequest) -> str:
        layouts.append(context)
        return f"{len(layouts)}: {context['name']} /duels/{context['code']}/ {context['name']}"

    monkeypatch.setattr(page_cache, "render_to_string", laid_out)
    monkeypatch.setattr(
        page_cache, "render", lambda request, name, context: HttpResponse(laid_out(name, context, request))
    )

    def get(name: str, same_for: str = "all", host: str = "testserver", method: str = "GET") -> str:
        request = RequestFactory().generic(method, "/", headers={"Host": host})
        own = {"name": name, "code": f"code-of-{len(name)}"}
        return page_cache.cached_page(request, "a.html", same_for, dict, own).content.decode()

    return get


def test_it_is_laid_out_once_and_each_reads_their_own_words(page: Any) -> None:
    assert page("Ada") == "1: Ada /duels/code-of-3/ Ada"
    assert page("<i>") == "1: &lt;i&gt; /duels/code-of-3/ &lt;i&gt;"
    assert page(mark_safe("<p>html</p>")) == "1: <p>html</p> /duels/code-of-11/ <p>html</p>"


@pytest.mark.parametrize("other", [{"same_for": "few"}, {"host": "localhost"}, {"method": "POST"}])
def test_what_differs_for_all_is_laid_out_anew(page: Any, other: dict[str, str]) -> None:
    page("Ada")
    assert page("Eva", **other) == "2: Eva /duels/code-of-3/ Eva"
    assert page("Zoé") == "1: Zoé /duels/code-of-3/ Zoé"
    with translation.override("de"):
        assert page("Zoé").startswith("3: ")


def test_what_is_kept_has_a_limit(page: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_cache, "KEPT_PAGES", 2)
    for same_for in ("a", "b", "c"):
        page("Ada", same_for)
    assert len(page_cache._pages) == 1
