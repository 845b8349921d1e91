"""The live equation says what science/energy says."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from models_registry.models import LanguageModel
from science.energy import estimate


@pytest.mark.slow
def test_the_equation_is_the_estimate_to_the_last_digit(registry: None, client: Client) -> None:
    body = client.get(reverse("learn:index"), {"model": "mixtral-8x7b", "tokens": "1000"}).content.decode()
    exact = re.search(r'<data value="([^"]+)">', body)
    shape = LanguageModel.objects.get(slug="mixtral-8x7b").shape()
    assert exact and float(exact[1]) == estimate(shape, 1000).mid_wh


def test_each_term_leads_to_the_page_that_explains_it(registry: None, client: Client) -> None:
    body = client.get(reverse("learn:index"), {"model": "mixtral-8x7b"}).content.decode()
    for name in ("size", "tokens", "architecture", "method"):
        assert f'class="term-name" href="{reverse(f"learn:{name}")}"' in body
