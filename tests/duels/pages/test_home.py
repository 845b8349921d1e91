"""Checks what the home page says of the models that can answer."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests import cast

OFFER = "make models"


@pytest.fixture
def tiny_models(db: None) -> None:
    for slug in ("minuscule-1", "minuscule-2"):
        facts = {"architecture": "dense", "total_params_b": 0.2, "weight_bits": 16}
        cast.make_model(slug, slug, "Petit éditeur", cast.NOWHERE, facts)


def test_a_site_of_tiny_models_offers_its_owner_better_ones(client: Client, tiny_models: None) -> None:
    assert OFFER in client.get("/").content.decode()


def test_a_real_site_offers_its_visitors_no_command(
    client: Client, tiny_models: None, settings: Settings
) -> None:
    settings.PRODUCTION = True
    page = client.get("/").content.decode()
    assert "tout petits modèles" in page
    assert OFFER not in page


def test_a_site_with_a_larger_model_offers_nothing(client: Client, tiny_models: None) -> None:
    cast.petit_3b()
    assert OFFER not in client.get("/").content.decode()
