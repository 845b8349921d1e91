"""Recordings that a visitor plays: blind first, counted nowhere, then what everybody said."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from duels.models import Answer, Duel, SecondVote
from duels.own_duels.story import tell_story, voted_duels
from leaderboard.ballots.collect import collect
from leaderboard.models import Ballot
from models_registry.models import LanguageModel
from recordings.importing import import_pack
from recordings.models import DailyQuestion, Recording
from recordings.opinions import opinions
from recordings.pack_format import Pack
from recordings.shipped import shipped_packs
from tests import cast
from tests.markup import flat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


@pytest.fixture
def recording(pack: Pack) -> Recording:
    import_pack(pack)
    return Recording.objects.get()


def played(client: Client, recording: Recording) -> str:
    response = client.post(recording.get_absolute_url())
    assert response.status_code == 303
    return str(response["Location"])


def test_a_replay_is_blind_until_the_vote_and_reveals_after_it(client: Client, recording: Recording) -> None:
    path = played(client, recording)
    blind = client.get(path).content.decode()
    assert cast.ANSWERS[0] in blind
    assert "Petit-3B" not in blind
    assert "Un duel enregistré, joué le" in blind
    client.post(f"{path}vote/", {"choice": "a"})
    revealed = client.get(path).content.decode()
    assert "Petit-3B" in revealed
    assert "Un duel enregistré, joué le" in revealed


def test_no_model_is_asked(client: Client, recording: Recording) -> None:
    path = played(client, recording)
    assert set(Answer.objects.values_list("state", flat=True)) == {Answer.State.DONE}
    client.post(f"{path}turns/", {"prompt": "Et la nuit ?"})
    assert Duel.objects.get(recorded_on__isnull=False).turns.count() == 1


def test_who_comes_back_finds_the_same_duel(client: Client, recording: Recording) -> None:
    assert played(client, recording) == played(client, recording)
    assert played(Client(), recording) != played(client, recording)


def test_a_replay_enters_neither_the_ballots_nor_the_story(client: Client, recording: Recording) -> None:
    path = played(client, recording)
    client.post(f"{path}vote/", {"choice": "a"})
    collect()
    replay = Duel.objects.get(recorded_on__isnull=False)
    assert replay.vote.choice == "a"
    assert not Ballot.objects.filter(duel=replay).exists()
    assert Ballot.objects.count() == 1  # that of the duel which was recorded
    assert tell_story(voted_duels(replay.visitor)) is None


def test_its_texts_are_not_offered_to_the_open_data(client: Client, recording: Recording) -> None:
    path = played(client, recording)
    client.post(f"{path}vote/", {"choice": "a"})
    assert 'name="agreed"' not in client.get(path).content.decode()


def test_what_everybody_said_is_shown_after_ones_own_vote(client: Client, recording: Recording) -> None:
    for choice in ("b", "b", "both_bad"):
        other = Client()
        other.post(f"{played(other, recording)}vote/", {"choice": choice})
    assert "Ce que" not in client.get(recording.get_absolute_url()).content.decode()
    path = played(client, recording)
    assert client.get(f"{path}avis/")["Location"] == path
    client.post(f"{path}vote/", {"choice": "a"})
    SecondVote.objects.create(duel=Duel.objects.get(visitor=cast.visitor_in(client)), choice="b")
    assert "Ce que 4 personnes en ont dit" in client.get(f"{path}avis/").content.decode()
    said = opinions(recording)
    assert [(share.choice, share.count, share.percent) for share in said.blind] == [
        ("a", 1, 25), ("b", 2, 50), ("both_good", 0, 0), ("both_bad", 1, 25),
    ]  # fmt: skip
    assert [share.count for share in said.second] == [0, 1, 0]


def test_a_recording_without_its_models_says_so(client: Client, recording: Recording) -> None:
    LanguageModel.objects.filter(slug="petit-3b").update(slug="parti")
    response = client.post(recording.get_absolute_url())
    assert response.status_code == 410
    assert "a quitté le registre" in response.content.decode()


def test_what_is_not_offered_is_not_found_but_on_its_day(client: Client, recording: Recording) -> None:
    Recording.objects.update(is_offered=False)
    today = timezone.localdate()
    tomorrow = DailyQuestion.objects.create(day=today + timedelta(days=1), recording=recording)
    assert client.get(recording.get_absolute_url()).status_code == 404
    assert client.get("/question-du-jour/").status_code == 404
    DailyQuestion.objects.filter(pk=tomorrow.pk).update(day=today)
    assert client.get(recording.get_absolute_url()).status_code == 200


def test_there_is_no_question_of_the_day_unless_a_curator_chooses_one(
    client: Client, recording: Recording
) -> None:
    assert client.get("/question-du-jour/").status_code == 404
    today = timezone.localdate()
    DailyQuestion.objects.create(day=today - timedelta(days=1), recording=recording)
    assert "Pas de question aujourd’hui" in client.get("/question-du-jour/").content.decode()
    DailyQuestion.objects.create(day=today, recording=recording)
    page = client.get("/question-du-jour/").content.decode()
    assert page.count(recording.get_absolute_url()) == 2
    assert "Petit-3B" not in page


def test_the_home_page_leads_to_the_question_of_the_day_on_the_days_that_have_one(
    client: Client, recording: Recording, settings: Settings
) -> None:
    settings.CANDIDATES_TTL_SECONDS = 0
    today = timezone.localdate()
    question = DailyQuestion.objects.create(day=today - timedelta(days=1), recording=recording)
    assert "/question-du-jour/" not in client.get("/").content.decode()
    DailyQuestion.objects.filter(pk=question.pk).update(day=today)
    page = flat(client.get("/").content.decode())
    assert f'<a href="/question-du-jour/" lang="">{recording.title}</a>' in page
    question.delete()
    assert "/question-du-jour/" not in client.get("/").content.decode()


def test_the_home_page_of_a_site_without_models_leads_to_them(client: Client) -> None:
    page = client.get("/").content.decode()
    assert re.search(r'href="/duels-enregistres/"\s*>En attendant, rejouez un duel enregistré', page)


def test_the_shipped_pack_plays_on_a_new_site_without_any_model(registry: None, client: Client) -> None:
    call_command("load_recordings", stdout=StringIO())
    call_command("load_recordings", stdout=StringIO())
    assert Recording.objects.count() == sum(len(pack["duels"]) for pack in shipped_packs()) == 6
    for recording in Recording.objects.all():
        path = played(client, recording)
        client.post(f"{path}vote/", {"choice": "b"})
        assert "SmolLM2" in client.get(path).content.decode()


def test_the_shipped_pack_was_recorded_at_its_pace() -> None:
    for pack in shipped_packs():
        for duel in pack["duels"]:
            for answer in (duel["turns"][0]["a"], duel["turns"][0]["b"]):
                assert answer["pace"]["kind"] == "recorded"
                assert answer["pace"]["points"][-1][1] == len(answer["text"])
                assert answer["hosting"]["kind"] == "this_computer"


def test_all_of_a_pack_is_downloaded_as_one_page(client: Client, recording: Recording) -> None:
    response = client.get("/duels-enregistres/hors-ligne.html")
    assert response["Content-Disposition"].endswith('.html"')
    assert cast.PROMPT in response.content.decode()
    Recording.objects.update(is_offered=False)
    assert client.get("/duels-enregistres/hors-ligne.html").status_code == 404


def test_a_curator_downloads_chosen_recordings(admin_client: Client, recording: Recording) -> None:
    path = "/admin/recordings/recording/"
    assert cast.PROMPT in admin_client.get(path).content.decode()
    for action, start in (("download_pack", b"{"), ("download_page", b"<!DOCTYPE html>")):
        sent = {"action": action, "_selected_action": [str(recording.pk)]}
        assert admin_client.post(path, sent).content.lstrip().startswith(start)
    assert admin_client.get("/admin/recordings/dailyquestion/add/").status_code == 200
