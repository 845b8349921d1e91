"""The method page: constants and limits of every method, examples, and a dated history."""

from django.test import Client
from django.urls import reverse

from learn.method.references import VERSIONS, mistral_comparison
from models_registry.pages.labels import method_name
from science.energy import METHODS


def test_the_page_carries_the_proof_the_constants_and_the_limits(registry: None, client: Client) -> None:
    body = client.get(reverse("learn:method")).content.decode()
    for method in METHODS.values():
        assert all(constant.source in body for constant in method.constants)
        assert all(limit.fr in body for limit in method.limits)
        assert method_name(method.name) in body and method.version in body


def test_the_example_can_be_another_model(registry: None, client: Client) -> None:
    body = client.get(reverse("learn:method"), {"model": "deepseek-v3", "tokens": "1000"}).content.decode()
    assert "DeepSeek V3" in body and "1\xa0000 ×" in body


def test_the_history_names_each_method_with_its_date(registry: None, client: Client) -> None:
    body = client.get(reverse("learn:method")).content.decode()
    assert {version.method for version in VERSIONS} == set(METHODS)
    assert all(version.date in body for version in VERSIONS)


def test_the_gap_with_mistral_is_given_from_10_to_110_times() -> None:
    gap = mistral_comparison()
    assert 5 <= int(gap.least) < int(gap.most) <= 200
