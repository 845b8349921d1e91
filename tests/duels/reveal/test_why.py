"""The causes of a ratio, as a page shows them."""

import re

import pytest
from django.test import Client

from duels.models import Answer
from tests import cast
from tests.duels.reveal.stage import page_of, revealed_duel, words_of

pytestmark = pytest.mark.django_db


def test_a_cause_is_numbered_where_the_picture_shows_how_far_it_reaches(client: Client) -> None:
    duel = revealed_duel(client, cast.petit_3b(), cast.grand_70b(), tokens=(100, 600))
    page = page_of(client, duel)
    assert page.count('class="field-mark"') == 1
    assert page.count('class="why-mark" data-number="1"') == 2  # beside its cause, and below the picture
    words = words_of(client, duel)
    assert "Pourquoi ? Taille × 10 Longueur × 5,9 ≈ × 61 À longueur égale" in words
    assert re.search(r"B [\d,]+ Wh taille «", words)
    assert "Hébergement" not in words


def test_a_mark_tells_the_causes_up_to_it(client: Client) -> None:
    duel = revealed_duel(client, cast.petit_3b(weight_bits=4), cast.grand_70b(), tokens=(100, 600))
    words = words_of(client, duel)
    assert re.search(r"B [\d,]+ Wh longueur longueur × taille «", words)


def test_one_sentence_says_why_energy_does_not_follow_size(client: Client) -> None:
    words = words_of(client, revealed_duel(client, cast.petit_3b(), cast.grand_70b(), tokens=(100, 600)))
    reasons = words.partition("Pourquoi ?")[2].partition("Et si… ?")[0]
    assert reasons.partition("× 61 ")[2].strip() == (
        "À longueur égale, 23 fois plus de paramètres ne prennent que 10 fois plus d’énergie : "
        "même un petit modèle occupe une puce entière."
    )


@pytest.mark.parametrize("size_b", [70.55, 50.0])
def test_nothing_is_said_where_energy_follows_size(client: Client, size_b: float) -> None:
    facts = {"architecture": "dense", "total_params_b": size_b, "weight_bits": 16}
    other = cast.make_model("autre", "Autre", "Ateliers Hautemer", cast.NOWHERE, facts)
    words = words_of(client, revealed_duel(client, other, cast.grand_70b(), tokens=(100, 600)))
    assert "Pourquoi ? Longueur" in words
    assert "À longueur égale" not in words


def test_two_places_are_a_multiplier_that_leads_to_the_answers_as_they_were_made(client: Client) -> None:
    duel = revealed_duel(client, cast.petit_3b(), cast.grand_70b(), tokens=(100, 600))
    Answer.objects.filter(side="a").update(hosting={"kind": "this_computer", "processor": "cpu"})
    words = words_of(client, duel)
    reasons = words.partition("Pourquoi ?")[2].partition("telles qu’elles ont été écrites")[0]
    assert "≈ × 61 Hébergement ÷" in reasons
