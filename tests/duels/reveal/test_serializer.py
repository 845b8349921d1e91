"""The reveal for a machine: the same figures, by both methods."""

import pytest
from django.test import Client
from django.urls import reverse

from duels.models import Duel, Guess, SecondVote
from science import tokens
from science.energy import DEFAULT_METHOD, METHODS, estimate, ratio
from tests import cast
from tests.duels.reveal.stage import played, revealed_duel

pytestmark = pytest.mark.django_db


def figures(client: Client, duel: Duel) -> dict:
    return client.get(reverse("duels:reveal_json", args=[duel.code])).json()


def test_each_method_gives_its_own_figures_and_that_of_the_day_comes_first(client: Client) -> None:
    large, secret = cast.grand_70b(), cast.secret()
    found = figures(client, revealed_duel(client, large, secret))
    assert set(found["methods"]) == set(METHODS)
    for name, serialized_by in found["methods"].items():
        first, second = (
            estimate(model.shape(), written, name, tokens_in=tokens.count(cast.PROMPT))
            for model, written in ((large, 312), (secret, 268))
        )
        assert serialized_by["sides"]["a"]["energy_wh"]["mid"] == pytest.approx(first.mid_wh)
        assert serialized_by["sides"]["b"]["energy_wh"]["high"] == pytest.approx(second.high_wh)
        assert serialized_by["ratio_a_over_b"]["mid"] == pytest.approx(ratio(first, second).mid)
    assert found["method"] == DEFAULT_METHOD
    assert found["sides"]["a"]["energy_wh"] == found["methods"][DEFAULT_METHOD]["sides"]["a"]["energy_wh"]
    assert found["sides"]["b"]["total_range_b"] == [90.0, 610.0]


def test_the_guess_and_both_votes_stand_apart(client: Client) -> None:
    duel = revealed_duel(client, cast.grand_70b(), cast.petit_3b())
    assert [figures(client, duel)[name] for name in ("vote", "second_vote", "guess")] == ["b", None, None]
    Guess.objects.create(duel=duel, side="", factor=1)
    SecondVote.objects.create(duel=duel, choice="either")
    found = figures(client, duel)
    assert (found["vote"], found["second_vote"]) == ("b", "either")
    assert found["guess"] == {"side": None, "factor": 1}


def test_before_the_vote_a_machine_receives_nothing(client: Client) -> None:
    duel = played(cast.grand_70b(), cast.petit_3b(), visitor=cast.visitor_in(client))
    response = client.get(reverse("duels:reveal_json", args=[duel.code]))
    assert response.status_code == 403
    assert set(response.json()) == {"error"}
