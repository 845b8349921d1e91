"""Pages and fragments are rendered once per key, and each reader's values filled into their slots."""

from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe
from pytest_django.fixtures import Settings

from models_registry.models import Organisation
from web import page_cache
from web.page_cache import TemplateCache, TemplateWithSlots, cached_fragment, placeholders


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Renders `{number of renderings}: {name} /duels/{code}/ {name}`."""
    contexts = []

    def render_to_string(template_name: str, context: dict[str, str], request: HttpRequest) -> str:
        contexts.append(context)
        return f"{len(contexts)}: {context['name']} /duels/{context['code']}/ {context['name']}"

    def render(request: HttpRequest, template_name: str, context: dict[str, str]) -> HttpResponse:
        return HttpResponse(render_to_string(template_name, context, request))

    monkeypatch.setattr(page_cache, "render_to_string", render_to_string)
    monkeypatch.setattr(page_cache, "render", render)

    def get(name: str, key: str = "all", host: str = "testserver", method: str = "GET") -> str:
        request = RequestFactory().generic(method, "/", headers={"Host": host})
        slots = {"name": name, "code": f"code-of-{len(name)}"}
        return page_cache.cached_page(request, "a.html", (key,), dict, slots).content.decode()

    return get


def test_a_page_is_rendered_once_with_the_values_of_each_reader(page: Any) -> None:
    assert page("Ada") == "1: Ada /duels/code-of-3/ Ada"
    assert page("<i>") == "1: &lt;i&gt; /duels/code-of-3/ &lt;i&gt;"
    assert page(mark_safe("<p>html</p>")) == "1: <p>html</p> /duels/code-of-11/ <p>html</p>"


@pytest.mark.parametrize("other", [{"key": "few"}, {"host": "localhost"}, {"method": "POST"}])
def test_another_key_host_or_method_is_rendered_anew(page: Any, other: dict[str, str]) -> None:
    page("Ada")
    assert page("Eva", **other) == "2: Eva /duels/code-of-3/ Eva"
    assert page("Zoé") == "1: Zoé /duels/code-of-3/ Zoé"
    with translation.override("de"):
        assert page("Zoé").startswith("3: ")


def test_an_empty_cache_renders_anew(page: Any) -> None:
    page("Ada")
    page_cache.clear()
    assert page("Ada").startswith("2: ")


def test_with_debug_every_page_is_rendered(page: Any, settings: Settings) -> None:
    page("Ada")
    settings.DEBUG = True
    assert [page("Ada")[0], page("Ada")[0]] == ["2", "3"]


def test_with_debug_every_fragment_is_rendered(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[str] = []
    settings.DEBUG = True
    monkeypatch.setattr(
        page_cache, "render_to_string", lambda name, context: rendered.append(name) or str(context)
    )
    assert "'code': 'x'" in cached_fragment("a.html", ("k",), {"a": 1}, {"code": "x"})
    cached_fragment("a.html", ("k",), {"a": 1}, {"code": "x"})
    assert rendered == ["a.html", "a.html"]


@dataclass(frozen=True)
class Entry:
    model: object
    note: object = field(default=None, compare=False)


ROW = Organisation(pk=1, name="A")


@pytest.mark.parametrize("key", [(ROW,), (("a", (ROW,)),), (frozenset([ROW]),), (Entry(ROW),)])
def test_a_key_that_holds_a_row_of_the_database_is_refused(page: Any, key: tuple[Hashable, ...]) -> None:
    with pytest.raises(TypeError, match="Organisation"):
        page("Ada", key)
    with pytest.raises(TypeError, match="Organisation"):
        cached_fragment("a.html", key, {})


def test_what_a_key_does_not_compare_may_hold_a_row(page: Any) -> None:
    assert page("Ada", Entry("a", note=ROW)) == page("Ada", Entry("a", note=None))


def test_slots_are_found_again_in_the_text() -> None:
    marks = placeholders(["a", "b"])
    template = TemplateWithSlots.parse(f"1{marks['b']}2{marks['a']}{marks['b']}")
    assert template.fill({"a": "<", "b": "x"}) == "1x2&lt;x"
    assert TemplateWithSlots.parse("none").fill({}) == "none"


def renderings(cache: TemplateCache) -> Callable[[str], int]:
    """A function that looks up a kilobyte of text by its key, and returns how often that was rendered."""
    counts: dict[str, int] = {}

    def look_up(key: str) -> int:
        def rendered() -> str:
            counts[key] = counts.get(key, 0) + 1
            return "x" * 1_000

        cache.get_or_render((key,), rendered)
        return counts[key]

    return look_up


def test_the_cache_drops_what_was_used_longest_ago() -> None:
    look_up = renderings(TemplateCache(5_000))
    for key in ("a", "b", "c", "d", "a", "e"):  # the fifth kilobyte does not fit beside its overhead
        assert look_up(key) == 1
    assert (look_up("a"), look_up("e")) == (1, 1)
    assert look_up("b") == 2


def test_what_is_larger_than_the_cache_is_never_stored() -> None:
    look_up = renderings(TemplateCache(900))
    assert [look_up("a"), look_up("a")] == [1, 2]


def test_threads_share_one_cache() -> None:
    cache = TemplateCache(4_000)
    with ThreadPoolExecutor(8) as threads:
        keys = [f"{number % 7}" for number in range(500)]
        found = threads.map(lambda key: cache.get_or_render((key,), lambda: key * 900).fill({}), keys)
        assert [text[:1] for text in found] == keys
