"""Fragments are rendered once for the same values, and never show those of yesterday."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from django.utils import translation

from models_registry.models import LanguageModel
from tests import cast
from web import page_cache


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The contexts that were rendered; each as what a greeting can see of it."""
    contexts = []

    def render_to_string(template_name: str, context: dict[str, Any]) -> str:
        contexts.append(context)
        return GREETING.render(Context(context))

    monkeypatch.setattr(page_cache, "render_to_string", render_to_string)
    return contexts


GREETING = Template(
    "{{ LANGUAGE_CODE }} {{ name }}{{ mark }} {% url 'duels:duel' code %} {{ name }}{{ visitor }}"
)
INCLUDED = Template(
    '{% load page_cache %}{% cached_include "a.html" slots="name code" name=name code=code mark="!" %}'
)
EACH = Template('{% load page_cache %}{% cached_each "a.html" "name" names code="x" mark=mark %}')


def include(name: str, code: str) -> str:
    return INCLUDED.render(Context({"name": name, "code": code, "visitor": "somebody"}))


def test_a_fragment_has_the_values_of_each_reader_in_its_slots(rendered: list[dict[str, Any]]) -> None:
    assert include("Ada", "x1") == "fr Ada! /duels/x1/ Ada"
    assert include("<b>", "x2") == "fr &lt;b&gt;! /duels/x2/ &lt;b&gt;"
    assert len(rendered) == 1
    with translation.override("en"):
        assert include("Ada", "x1") == "en Ada! /duels/x1/ Ada"
    assert len(rendered) == 2


def each(*names: object, mark: str = "") -> str:
    return EACH.render(Context({"names": names, "mark": mark}))


def test_each_item_is_rendered_once_for_the_same_values(rendered: list[dict[str, Any]]) -> None:
    assert each("a", "b") == each("a", "b") == "fr a /duels/x/ afr b /duels/x/ b"
    assert len(rendered) == 2
    assert each("b", "c") and each("b", mark="!")
    assert len(rendered) == 4
    with translation.override("en"):
        assert each("a").startswith("en ")


@dataclass(frozen=True)
class Item:
    """Equal to no other, and found by its key."""

    model: LanguageModel

    @property
    def cache_key(self) -> str:
        return self.model.slug


def test_an_item_with_a_key_of_its_own_is_found_by_it(rendered: list[dict[str, Any]]) -> None:
    for slug in ("a", "b", "a"):
        each(Item(LanguageModel(slug=slug)))
    assert len(rendered) == 2
    with pytest.raises(TypeError, match="LanguageModel"):
        each(LanguageModel(pk=1))


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
def test_a_model_that_changes_is_shown_as_it_is_now(
    client: Client, change: dict[str, object], before: str, after: str
) -> None:
    cast.petit_3b()
    first = table(client)
    LanguageModel.objects.update(**change)
    then = table(client)
    assert before in first and after not in first
    assert after in then and before not in then


@pytest.mark.django_db
def test_a_maker_that_changes_its_name_is_shown_by_it(client: Client) -> None:
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
