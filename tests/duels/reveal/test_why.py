"""The causes of a ratio, as a page shows them."""

import pytest
from django.test import Client

from duels.models import Answer
from tests import cast
from tests.duels.reveal.stage import page_of, revealed_duel, words_of

pytestmark = pytest.mark.django_db


def test_a_cause_is_numbered_where_the_picture_shows_how_far_it_reaches(client: Client) -> None:
    duel = revealed_duel(client, cast.petit_3b(), cast.grand_70b(), tokens=(100, 600))
    page = page_of(client, duel)
    assert page.count('class="field-mark"') == page.count('class="why-mark"') == 1
    words = words_of(client, duel)
    assert "Pourquoi ? Taille × 10 Longueur × 5,9 = × 61 Sur le dessin, un numéro" in words
    assert "Hébergement" not in words


def test_two_places_are_a_multiplier_that_leads_to_the_answers_as_they_were_made(client: Client) -> None:
    duel = revealed_duel(client, cast.petit_3b(), cast.grand_70b(), tokens=(100, 600))
    Answer.objects.filter(side="a").update(hosting={"kind": "this_computer", "processor": "cpu"})
    words = words_of(client, duel)
    reasons = words.partition("Pourquoi ?")[2].partition("telles qu’elles ont été écrites")[0]
    assert "= × 61 Hébergement ÷" in reasons
