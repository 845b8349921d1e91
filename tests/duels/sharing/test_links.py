"""A duel belongs to who played it: others read what its link shows, and never change it."""

import html
import io
import re
import string

import pytest
from django.test import Client
from PIL import Image
from pytest_django.fixtures import Settings

from duels.models import Duel, SecondVote, Share, Vote
from duels.pages.share import RESULTS
from duels.sharing import links as sharing
from tests import cast
from tests.markup import flat
from web.rate_limit import RateLimit

pytestmark = pytest.mark.django_db


@pytest.fixture
def duel(client: Client) -> Duel:
    """Ended, of this client, not voted on."""
    return cast.make_duel(cast.petit_3b(), cast.grand_70b(), visitor=cast.visitor_in(client))


@pytest.fixture
def voted(duel: Duel) -> Duel:
    cast.vote(duel, Vote.Choice.B)
    return duel


@pytest.fixture
def stranger() -> Client:
    """Another visitor, who plays too."""
    stranger = Client()
    cast.visitor_in(stranger)
    return stranger


def share(client: Client, duel: Duel, **fields: str) -> str:
    """The path of the link as its visitor's page shows it; empty where there is none."""
    assert client.post(f"{duel.get_absolute_url()}share/", fields).status_code == 303
    page = client.get(duel.get_absolute_url()).content.decode()
    found = re.search(r'id="share-link" readonly value="http://testserver(/[^"]+)"', flat(page))
    return found[1] if found else ""


def read(path: str, client: Client | None = None, **headers: str) -> str:
    """The text that somebody reads at a link."""
    response = (client or Client()).get(path, headers=headers)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


FORMS = {
    "turns/": {"prompt": "Et encore ?"},
    "stop/": {},
    "retry/": {"side": "a"},
    "vote/": {"choice": "a", "bet": "b"},
    "second-vote/": {"choice": "b"},
    "share/": {"text": "on"},
    "turns/1/a/reaction/": {"liking": "like"},
}
TEXTS = (cast.PROMPT, *cast.ANSWERS)


@pytest.mark.parametrize(("path", "fields"), FORMS.items(), ids=FORMS.keys())
@pytest.mark.parametrize("shared", [False, True])
def test_nobody_else_can_do_anything_to_a_duel(
    client: Client, stranger: Client, duel: Duel, path: str, fields: dict[str, str], shared: bool
) -> None:
    if shared:
        cast.vote(duel, Vote.Choice.B)
        share(client, duel, text="on")
    url = f"{duel.get_absolute_url()}{path}"
    assert stranger.post(url, fields).status_code == 404
    assert Client().post(url, fields).status_code == 404
    assert not SecondVote.objects.exists()
    assert Vote.objects.count() == shared


def test_before_the_vote_there_is_no_link_and_no_card(client: Client, duel: Duel) -> None:
    assert 'id="share' not in client.get(duel.get_absolute_url()).content.decode()
    assert share(client, duel, text="on") == ""
    assert not Share.objects.exists()
    assert client.get(f"{duel.get_absolute_url()}fiche/").status_code == 303
    forged = sharing.url_for(Share(code=duel.code, with_text=True))
    assert [Client().get(path).status_code for path in (forged, f"{forged}fr.png")] == [404, 404]


def test_a_duel_that_was_voted_on_is_read_by_nobody_else(
    client: Client, stranger: Client, voted: Duel
) -> None:
    for shared in (False, True):
        if shared:
            share(client, voted)
        for path in ("", "next/", "fiche/", "reveal.json"):
            assert stranger.get(f"{voted.get_absolute_url()}{path}").status_code == 404
    assert client.get(f"{voted.get_absolute_url()}reveal.json").status_code == 200


def test_a_link_shows_the_models_their_energy_and_the_vote_without_the_texts(
    client: Client, voted: Duel
) -> None:
    page = read(share(client, voted))
    for shown in (
        "Petit-3B",
        "Grand-70B",
        "Fabrique Quatrevents",
        "B est meilleure",
        "Wh",
        "entre ",
        "fois plus",
    ):
        assert shown in page
    for secret in (*TEXTS, voted.code, "Votre vote", "/vote/", "/share/"):
        assert secret not in page


def test_the_texts_are_shown_once_they_are_ticked(client: Client, voted: Duel) -> None:
    page = read(share(client, voted, text="on"))
    for shown in (*TEXTS, "Petit-3B", "Posez la même question"):
        assert shown in page
    assert voted.code not in page


def test_a_link_without_the_texts_never_leads_to_them(client: Client, voted: Duel) -> None:
    bare, full = share(client, voted), share(client, voted, text="on")
    assert bare != full
    assert cast.PROMPT not in read(bare)
    assert cast.PROMPT in read(full)
    for forged in (
        bare.replace(".result.", ".text."),
        bare.partition(".result.")[0] + ".text." + full.partition(".text.")[2][::-1],
        full.partition(".text.")[0] + "/",
    ):
        assert Client().get(forged).status_code == 404


def test_a_link_with_the_texts_shows_none_once_they_are_taken_out(client: Client, voted: Duel) -> None:
    full, bare = share(client, voted, text="on"), share(client, voted)
    assert [cast.PROMPT in read(path) for path in (full, bare)] == [False, False]


def test_a_link_with_one_other_letter_is_not_found(client: Client, voted: Duel) -> None:
    token = share(client, voted, text="on").split("/")[2]
    letters = string.ascii_letters + string.digits + "-_."
    # The last letter of a signature holds two bits that count for nothing.
    for place, letter in enumerate(token[:-1]):
        other = letters[(letters.index(letter) + 1) % len(letters)]
        with pytest.raises(sharing.LinkNotFound):
            sharing.resolve(token[:place] + other + token[place + 1 :])


def test_a_link_that_is_withdrawn_is_gone_for_good(client: Client, voted: Duel) -> None:
    links = [share(client, voted), share(client, voted, text="on")]
    assert share(client, voted, withdraw="yes") == ""
    again = share(client, voted, text="on")
    assert again not in links
    for link in links:
        page = Client().get(link)
        assert (page.status_code, Client().get(f"{link}fr.png").status_code) == (404, 404)
        assert "Ce résultat n’est pas, ou n’est plus, partagé" in page.content.decode()
    assert cast.PROMPT in read(again)


def test_links_outlive_a_change_of_key_as_long_as_the_old_one_is_listed(
    client: Client, voted: Duel, settings: Settings
) -> None:
    link, old = share(client, voted), settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "une autre clé", [old]
    assert "Petit-3B" in read(link)
    settings.SECRET_KEY_FALLBACKS = []
    assert Client().get(link).status_code == 404


def test_the_address_of_a_duel_leads_others_to_its_result_where_its_texts_are_shared(
    client: Client, stranger: Client, voted: Duel
) -> None:
    full = share(client, voted, text="on")
    assert stranger.get(voted.get_absolute_url()).headers["Location"] == full
    assert client.get(voted.get_absolute_url()).status_code == 200


def test_the_link_swapped_in_equals_that_of_the_page(client: Client, voted: Duel) -> None:
    def part(source: str) -> str:
        found = source[source.index('<section class="share"') :].partition("</section>")[0]
        return re.sub(r'value="\w{64}"', "", found)

    for fields in ({}, {"text": "on"}, {"withdraw": "yes"}):
        url = f"{voted.get_absolute_url()}share/"
        swapped = client.post(url, fields, headers={"HX-Request": "true"}).content.decode()
        assert part(swapped) == part(client.get(voted.get_absolute_url()).content.decode())


def test_its_own_visitor_prints_a_duel_without_sharing_it(client: Client, voted: Duel) -> None:
    url = f"{voted.get_absolute_url()}fiche/"
    assert cast.PROMPT not in read(url, client)
    assert cast.PROMPT in read(f"{url}?text=oui", client)
    assert not Share.objects.exists()


def test_a_messenger_finds_the_story_of_the_duel_and_search_engines_stay_away(
    client: Client, voted: Duel
) -> None:
    link = share(client, voted)
    page = read(link)
    shown = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', flat(page)))
    assert shown["og:image"] == f"http://testserver{link}fr.png"
    title = r"(Petit-3B|Grand-70B) a demandé environ \S+\sfois plus d’énergie que (Petit-3B|Grand-70B)"
    assert re.fullmatch(title, shown["og:title"])
    assert "B est meilleure" in shown["og:description"]
    assert shown["og:url"] == f"http://testserver{link}"
    assert shown["robots"] == "noindex"


def test_the_page_and_its_card_speak_the_language_of_the_reader(client: Client, voted: Duel) -> None:
    link = share(client, voted)
    page = read(link, **{"Accept-Language": "en"})
    assert "B is better" in page
    assert f"http://testserver{link}en.png" in page
    french, english = (Client().get(f"{link}{language}.png").content for language in ("fr", "en"))
    assert french != english
    assert Client().get(f"{link}de.png").status_code == 404


def test_a_card_is_a_small_picture_that_anybody_may_keep_for_a_while(client: Client, voted: Duel) -> None:
    messenger = Client()
    url = f"{share(client, voted)}fr.png"
    answer = messenger.get(url)
    assert Image.open(io.BytesIO(answer.content)).size == (1200, 630)
    assert answer["Content-Type"] == "image/png"
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert answer["X-Robots-Tag"] == "noindex"
    assert not answer.cookies
    assert "Cookie" not in answer["Vary"]
    again = messenger.get(url, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert messenger.head(url).status_code == 200


def test_the_card_is_the_same_whether_the_texts_are_shown_or_not(client: Client, voted: Duel) -> None:
    cards = {
        Client().get(f"{share(client, voted, **fields)}fr.png").content for fields in ({}, {"text": "on"})
    }
    assert len(cards) == 1


def test_one_address_asks_for_so_many_cards_a_minute(
    client: Client, voted: Duel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("duels.pages.share.CARDS", RateLimit("cards", 2, 60))
    url = f"{share(client, voted)}fr.png"
    asked = [Client().get(url, REMOTE_ADDR="192.0.2.7") for _ in range(3)]
    assert [answer.status_code for answer in asked] == [200, 200, 429]
    assert 0 < int(asked[2]["Retry-After"]) <= 60
    assert Client().get(url, REMOTE_ADDR="192.0.2.8").status_code == 200


def test_one_address_opens_so_many_results_a_minute(
    client: Client, voted: Duel, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = share(client, voted)
    assert RESULTS.count == 240 and RESULTS.seconds == 60
    monkeypatch.setattr("duels.pages.share.RESULTS", RateLimit("results", 2, 60))
    asked = [Client().get(url, REMOTE_ADDR="192.0.2.9") for _ in range(3)]
    assert [answer.status_code for answer in asked] == [200, 200, 429]
    assert 0 < int(asked[2]["Retry-After"]) <= 60
    assert Client().get(url, REMOTE_ADDR="192.0.2.10").status_code == 200


def test_what_was_written_is_shown_as_text(client: Client, stranger: Client) -> None:
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    petit, grand = cast.petit_3b(), cast.grand_70b()
    grand.name = "<b onclick=alert(3)>Grand</b>"
    grand.save()
    duel = cast.make_duel(petit, grand, prompt=hostile, texts=(hostile,) * 2, visitor=cast.visitor_in(client))
    cast.vote(duel)
    source = stranger.get(share(client, duel, text="on")).content.decode()
    main = source.partition("<main")[2]
    assert not re.search(r"<(script|img|b)\b", main)
    assert "&lt;b onclick" in main


def test_a_shared_duel_is_not_among_the_readers_own(client: Client, stranger: Client, voted: Duel) -> None:
    share(client, voted, text="on")
    assert voted.code not in stranger.get("/duels/").content.decode()
