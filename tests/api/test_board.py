"""The leaderboard over the programming interface is the one that is published."""

import pytest
from django.test import Client
from django.urls import reverse

from leaderboard.models import OWN_SCOPE, Snapshot
from leaderboard.ranking.publish import compute_due
from models_registry.models import LanguageModel
from tests.api.client import get
from tests.leaderboard.sample_ballots import an_arena_with_votes

pytestmark = pytest.mark.django_db


def test_before_the_first_there_is_nothing() -> None:
    assert get("leaderboard")["snapshot"] is None
    assert get("leaderboard/history")["items"] == get("meetings")["items"] == []


def test_the_leaderboard_is_that_of_the_page(client: Client) -> None:
    an_arena_with_votes()
    compute_due()
    page = client.get(reverse("leaderboard:json")).json()
    found = get("leaderboard")
    assert found["snapshot"]["computed_at"] == page["computed_at"]
    assert found["snapshot"]["counted_votes"] == page["counted_votes"]
    assert [row["model"]["slug"] for row in found["items"]] == [row["model"] for row in page["models"]]
    for ours, theirs in zip(found["items"], page["models"], strict=True):
        assert (ours["points"], ours["wh_per_1000_mid"]) == (theirs["points"], theirs["wh_per_1000_mid"])
    assert found["vote_reasons"] == page["vote_reasons"]
    clear = page["vote_reasons"][3]
    assert (clear["code"], clear["is_positive"], clear["label_fr"]) == ("clear", True, "claire")
    met = {(each["first"]["slug"], each["second"]["slug"]): each for each in get("meetings")["items"]}
    assert len(met) == len(page["pairs"])
    for pair in page["pairs"]:
        assert met[pair["first"], pair["second"]]["first_wins"] == pair["first_wins"]


def test_the_history_leads_to_each_day() -> None:
    an_arena_with_votes()
    compute_due()
    [published] = get("leaderboard/history")["items"]
    assert get("leaderboard", {"day": published["day"]})["snapshot"] == published
    assert get("leaderboard", {"day": "2020-01-01"})["snapshot"] is None
    [score] = get("leaderboard/history/grand-70b", {"votes": OWN_SCOPE})["items"]
    assert score["day"] == published["day"] and score["points"] is not None


def test_a_model_that_was_withdrawn_is_in_no_answer() -> None:
    an_arena_with_votes()
    compute_due()
    LanguageModel.objects.filter(slug="petit-3b").update(status=LanguageModel.Status.DRAFT)
    assert Snapshot.objects.get().rows.count() == 3
    assert "petit-3b" not in str(get("leaderboard")) + str(get("meetings"))
    assert get("leaderboard")["total"] == 2 and get("meetings")["total"] == 1
