"""A step of a workshop that shows a recorded duel: no model, no limit, no energy spent now."""

import pytest
from django.test import Client

from duels.models import Answer, Duel
from duels.queries import load_answers
from models_registry.models import Endpoint, LanguageModel
from recordings.importing import import_pack
from recordings.models import Recording
from recordings.recorder import make_pack, record_duel
from tests import cast
from tests.workshops.room import DUEL, Room
from workshops.group_reveal import session_total
from workshops.scenario import InvalidScenario, from_dict, parse_toml, to_toml

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files", "models")]


@pytest.fixture
def recorded_step() -> dict[str, object]:
    """A step with a recording of a duel that is not there any more, on a site whose models do not answer."""
    duel = cast.make_duel(*(LanguageModel.objects.get(slug=slug) for slug in ("petit-3b", "grand-70b")))
    import_pack(make_pack([record_duel(load_answers(duel))], "Paquet", "Une classe"))
    duel.delete()
    Endpoint.objects.update(enabled=False)
    return DUEL | {"recording": Recording.objects.get().code}


def test_the_recorded_duel_is_shown_at_once_and_says_when_it_was_played(
    recorded_step: dict[str, object],
) -> None:
    room = Room(recorded_step)
    assert room.command("next") == 200
    assert room.phase == ("duel", "answers")
    assert set(room.answers.values_list("state", flat=True)) == {Answer.State.DONE}
    screen = room.lead.get(f"/ateliers/{room.code}/ecran/").content.decode()
    assert cast.ANSWERS[0] in screen
    assert "Duel enregistré, joué le" in screen
    assert "Petit-3B" not in screen


def test_it_is_played_to_its_end_and_spends_nothing(recorded_step: dict[str, object]) -> None:
    room = Room(recorded_step)
    room.command("next")
    room.play_to("energy")
    screen = room.lead.get(f"/ateliers/{room.code}/ecran/").content.decode()
    assert "Petit-3B" in screen
    assert "aucune énergie n’est dépensée maintenant" in screen
    assert session_total(room.workshop) is None
    room.play_to("outcome")
    debrief = room.lead.get(f"/ateliers/{room.code}/bilan/").content.decode()
    assert "Duel enregistré, joué le" in debrief


def test_no_other_pair_takes_its_place(recorded_step: dict[str, object]) -> None:
    room = Room(recorded_step)
    room.command("next")
    room.command("another_pair")
    assert room.workshop.rounds.count() == 1
    assert Duel.objects.count() == 1


def test_a_recording_that_this_site_does_not_have_is_refused() -> None:
    room = Room(DUEL | {"recording": "ailleurs"})
    room.command("next")
    assert room.phase == ("duel", "prompt")
    assert Duel.objects.count() == 0


def test_a_scenario_keeps_the_code_of_its_recording() -> None:
    scenario = from_dict({"title": "Essai", "steps": [DUEL | {"recording": "abc"}]})
    assert parse_toml(to_toml(scenario)) == scenario
    with pytest.raises(InvalidScenario):
        from_dict({"title": "Essai", "steps": [DUEL | {"recording": 3}]})


def test_the_facilitator_alone_takes_the_duels_away_as_a_page(recorded_step: dict[str, object]) -> None:
    room = Room(recorded_step)
    path = f"/ateliers/{room.code}/bilan.html"
    room.command("next")
    assert room.lead.get(path).status_code == 404
    room.play_to("size")
    page = room.lead.get(path)
    assert "attachment" in page["Content-Disposition"]
    assert cast.ANSWERS[0] in page.content.decode()
    assert Client().get(path).status_code == 404
