"""« Suivez votre question » follows a voted duel of this visitor, with the figures of its reveal."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from duels.models import Answer, Duel
from duels.reveal import reveal
from tests import cast

PAGE = reverse("learn:own_question")
SCREENS = ("tokens", "weights", "experts", "machine", "plug")

pytestmark = pytest.mark.django_db


@pytest.fixture
def voted(client: Client) -> Duel:
    """A voted duel of this visitor, on a mixture of experts and an undisclosed model."""
    duel = cast.make_duel(
        cast.melange_117b(), cast.secret(), prompt="Combien de pattes ?", visitor=cast.visitor_in(client)
    )
    cast.vote(duel)
    return duel


def body_of(client: Client, query: str = "") -> str:
    response = client.get(PAGE + query)
    assert response.status_code == 200
    return response.content.decode()


def test_each_screen_has_its_anchor_and_leads_to_the_next(client: Client, voted: Duel) -> None:
    body = body_of(client)
    assert all(f'id="{key}"' in body for key in SCREENS)
    assert all(f'href="#{key}"' in body for key in SCREENS)
    assert reverse("learn:quiz") in body


def test_the_own_question_is_cut_and_both_models_are_named(client: Client, voted: Duel) -> None:
    body = body_of(client)
    assert "Combien de pattes ?" in body
    assert "␣de</span>" in re.sub(r"\s", "", body)
    assert "Mélange-117B" in body
    assert "Secret-Un" in body


def test_the_energies_are_those_of_the_reveal(client: Client, voted: Duel) -> None:
    body = body_of(client)
    for side in reveal(voted).sides:
        assert side.energy.value in body
        assert side.energy.caption in body


def test_experts_are_said_where_they_are_known_and_nothing_is_drawn_of_the_rest(
    client: Client, voted: Duel
) -> None:
    body = body_of(client)
    assert "6 experts sur 64" in body
    assert "Comptoir Bouche-Cousue ne publie pas l’architecture" in body


def test_a_duel_without_a_vote_is_never_followed(client: Client) -> None:
    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b(), visitor=cast.visitor_in(client))
    for query in ("", f"?duel={duel.code}"):
        assert "Ceci est un exemple" in body_of(client, query)


def test_the_newest_voted_duel_is_followed_unless_the_address_names_another(
    client: Client, voted: Duel
) -> None:
    newer = cast.make_duel(
        cast.petit_3b(), cast.grand_70b(), prompt="Et la nuit ?", visitor=cast.visitor_in(client)
    )
    assert "Combien de pattes" in body_of(client)
    cast.vote(newer)
    assert "Et la nuit" in body_of(client)
    assert "Combien de pattes" in body_of(client, f"?duel={voted.code}")


def test_nobody_follows_the_duel_of_somebody_else(voted: Duel) -> None:
    body = body_of(Client(), f"?duel={voted.code}")
    assert "Combien de pattes" not in body
    assert "Ceci est un exemple" in body


def test_a_duel_in_which_a_side_wrote_nothing_is_left_out(client: Client, voted: Duel) -> None:
    Answer.objects.filter(turn__duel=voted, side="b").update(tokens_out=0, text="")
    assert "Combien de pattes" not in body_of(client)


def test_several_turns_are_counted_together(client: Client, voted: Duel) -> None:
    models = [answer.model for answer in voted.last_turn.answers.all()]
    cast.add_turn(voted, *models, prompt="Et après ?")
    assert "les nombres comptent vos 2 questions" in " ".join(body_of(client).split())


def test_a_newcomer_reads_an_example_of_two_models_of_the_registry(client: Client, registry: None) -> None:
    body = body_of(client)
    assert "Ceci est un exemple" in body
    assert "Mistral Small 3.2" in body
    assert "DeepSeek V3" in body
    assert reverse("duels:home") in body


def test_the_page_stays_in_no_cache(client: Client, voted: Duel) -> None:
    assert "no-store" in client.get(PAGE)["Cache-Control"]


def test_the_result_my_duels_and_the_lessons_lead_here(client: Client, voted: Duel) -> None:
    assert f"{PAGE}?duel={voted.code}" in client.get(voted.get_absolute_url()).content.decode()
    for name in ("duels:duels", "learn:index"):
        assert f'href="{PAGE}"' in client.get(reverse(name)).content.decode()
