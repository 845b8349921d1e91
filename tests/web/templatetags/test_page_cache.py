"""Parts of pages that are laid out once: the same words for the same values, and never those of yesterday."""

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import translation

from models_registry.models import LanguageModel
from tests import cast
from web import page_cache

COUNTED = Template(
    '{% load page_cache %}{% cached_each "models_registry/_heading.html" "heading" headings %}'
)


def laid_out(*headings: str) -> tuple[str, int]:
    """The parts, and how many of them had to be laid out anew."""
    before = page_cache._laid_out.cache_info().misses
    part = COUNTED.render(Context({"headings": headings}))
    return part, page_cache._laid_out.cache_info().misses - before


def test_a_part_is_laid_out_once_for_the_same_values() -> None:
    page_cache._laid_out.cache_clear()
    parts, first_time = laid_out("a", "b")
    assert laid_out("a", "b") == (parts, 0)
    assert first_time == 2
    assert laid_out("b", "c")[1] == 1


def test_each_language_has_its_own() -> None:
    laid_out("a")
    with translation.override("en"):
        assert laid_out("a")[1] == 1


GREETING = Template(
    "{{ LANGUAGE_CODE }} {{ name }}{{ mark }} {% url 'duels:duel' code %} {{ name }}{{ visitor }}"
)
GREETED = Template('{% load page_cache %}{% cached_include "name code" "" name=name code=code mark="!" %}')


@pytest.fixture
def greeting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that tells what it knows."""
    monkeypatch.setattr(page_cache, "render_to_string", lambda _, values: GREETING.render(Context(values)))
    page_cache._laid_out.cache_clear()


def greeted(name: str, code: str) -> str:
    return GREETED.render(Context({"name": name, "code": code, "visitor": "somebody"}))


@pytest.mark.usefixtures("greeting")
def test_what_is_left_open_is_told_to_each_and_nothing_else_is_known() -> None:
    assert greeted("Ada", "x1") == "fr Ada! /duels/x1/ Ada"
    assert greeted("<b>", "x2") == "fr &lt;b&gt;! /duels/x2/ &lt;b&gt;"
    assert page_cache._laid_out.cache_info().misses == 1
    with translation.override("en"):
        assert greeted("Ada", "x1") == "en Ada! /duels/x1/ Ada"


def table(client: Client) -> str:
    """The lines of the catalogue, with plain spaces."""
    return client.get("/modeles/").content.decode().partition("<tbody")[2].replace("\xa0", " ")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        ({"name": "Petit-3B bis"}, ">Petit-3B<", ">Petit-3B bis<"),
        ({"status": LanguageModel.Status.ARCHIVED}, "répond ici", "archivé"),
        ({"total_params_b": 5.0}, "<strong>3,07 Md</strong>", "<strong>5 Md</strong>"),
    ],
)
def test_a_model_that_changes_is_told_as_it_is_now(
    client: Client, change: dict[str, object], before: str, after: str
) -> None:
    cast.petit_3b()
    first = table(client)
    LanguageModel.objects.update(**change)
    then = table(client)
    assert before in first and after not in first
    assert after in then and before not in then


@pytest.mark.django_db
def test_a_maker_that_changes_its_name_is_told_by_it(client: Client) -> None:
    model = cast.petit_3b()
    client.get("/modeles/")
    model.organisation.name = "Fabrique nouvelle"
    model.organisation.save()
    assert "Fabrique nouvelle" in table(client)


@pytest.mark.django_db
def test_an_endpoint_that_falls_silent_is_seen_at_once(client: Client) -> None:
    model = cast.petit_3b()
    assert "répond ici" in table(client)
    model.endpoints.update(enabled=False)
    assert "répond ici" not in table(client)
