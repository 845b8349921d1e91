"""The pages of the leaderboard, read as a visitor without JavaScript reads them."""

import csv
import json
from datetime import timedelta
from io import StringIO

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from duels.models import Vote, VoteComment, VoteReason
from leaderboard.models import Ballot, Exclusion, Snapshot, VoteSource
from leaderboard.ranking.publish import compute_due
from models_registry.models import LanguageModel
from tests import cast
from tests.leaderboard.sample_ballots import (
    FIRST,
    SECOND,
    TIE,
    add_ballots,
    an_arena_with_votes,
    three_models,
)
from tests.markup import flat

pytestmark = pytest.mark.django_db


def read(client: Client, address: str = "/classement/", status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


def names_in_order(page: str, *names: str) -> list[str]:
    """The names as the table lists them."""
    table = page[page.index('id="board-table"') :].partition("</table>")[0]
    return sorted((name for name in names if name in table), key=table.index)


NAMES = ("Petit-3B", "Grand-70B", "Mélange-117B")


@pytest.fixture
def published() -> Snapshot:
    """Three listed models: the large one is best, then the mixture, then the small one."""
    an_arena_with_votes()
    return compute_due()[0]


def test_without_a_vote_the_page_says_so(client: Client) -> None:
    assert "Aucun vote ne compte encore" in read(client)


def test_the_table_goes_from_the_best_rank_on(client: Client, published: Snapshot) -> None:
    page = read(client)
    assert names_in_order(page, *NAMES) == ["Grand-70B", "Mélange-117B", "Petit-3B"]
    assert "préliminaire" in page and "par la méthode physique 2026.2 (version" in page
    assert 'aria-sort="ascending"' in page


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("order=energy", "Petit-3B"),
        ("order=-energy", "Mélange-117B"),
        ("order=name", "Grand-70B"),
        ("order=-name", "Petit-3B"),
        ("order=-votes", "Grand-70B"),
        ("order=score", "Petit-3B"),
        ("order=-size", "Mélange-117B"),
    ],
)
def test_the_address_says_how_it_is_sorted(
    client: Client, published: Snapshot, asked: str, first: str
) -> None:
    assert names_in_order(read(client, f"/classement/?{asked}"), *NAMES)[0] == first


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("words=hautemer", {"Grand-70B"}),
        ("words=melange", {"Mélange-117B"}),
        ("size=tiny", {"Petit-3B"}),
        ("architecture=mixture_of_experts", {"Mélange-117B"}),
        ("licence=open_weights", set(NAMES)),
        ("presence=current", set(NAMES) - {"Petit-3B"}),
        ("presence=archived", {"Petit-3B"}),
    ],
)
def test_the_address_says_what_is_shown(
    client: Client, published: Snapshot, asked: str, left: set[str]
) -> None:
    LanguageModel.objects.filter(slug="petit-3b").update(status=LanguageModel.Status.ARCHIVED)
    assert set(names_in_order(read(client, f"/classement/?{asked}"), *NAMES)) == left


def test_filters_that_leave_nothing_offer_the_way_back(client: Client, published: Snapshot) -> None:
    page = read(client, "/classement/?enough=established")
    assert "Aucun modèle ne correspond" in page


@pytest.mark.parametrize("asked", ["order=luck", "size=gigantic", "day=demain", "votes=ailleurs"])
def test_a_filter_that_does_not_exist_is_announced_and_ignored(
    client: Client, published: Snapshot, asked: str
) -> None:
    page = read(client, f"/classement/?{asked}", status=400)
    assert "ignoré" in page
    assert set(names_in_order(page, *NAMES)) == set(NAMES)


def test_a_column_sorts_and_keeps_the_other_filters(client: Client, published: Snapshot) -> None:
    page = read(client, "/classement/?words=a&amp;order=rank".replace("&amp;", "&"))
    assert 'href="?words=a&amp;order=-rank"' in page
    assert 'href="?words=a&amp;order=energy"' in page


def test_a_new_site_shows_its_scores_at_once_with_caution(client: Client) -> None:
    small, large, _ = three_models()
    add_ballots(small, large, {FIRST: 12, SECOND: 30})
    compute_due()
    page = read(client)
    assert "Pas encore assez de votes" in page
    assert '<meter min="0" max="300" value="42">' in page
    assert 'id="board-first"' in page and "classes-title" not in page
    for shown in (page, read(client, "/classement/?enough=every")):
        assert "chart-drawing" in shown and "À lire avec prudence" in shown
        assert "trop peu de votes" in shown
        assert names_in_order(shown, *NAMES) == ["Grand-70B", "Petit-3B"]


def test_the_page_begins_with_its_news_and_what_votes_can_tell(client: Client, published: Snapshot) -> None:
    page = flat(read(client)).replace("\xa0", " ").replace("\u202f", " ")
    assert "Le mieux noté sous 0,1 Wh : Petit-3B. Grand-70B, premier, a" in page
    assert "fois plus d’énergie." in page[page.index("board-news") :]
    assert page.index("board-news") < page.index("classes-title") < page.index("podiums-title")
    assert page.index("podiums-title") < page.index("chart-drawing")


def test_a_search_names_its_models_on_the_graph_and_moves_no_frontier(
    client: Client, published: Snapshot
) -> None:
    whole, found = (read(client, address) for address in ("/classement/", "/classement/?words=petit"))
    assert whole.count("chart-frontier") == found.count("chart-frontier") > 0
    assert found.count('class="point name-found"') == 1 and found.count('class="point name-other"') == 2
    assert names_in_order(found, *NAMES) == ["Petit-3B"]


def test_the_graph_reaches_every_model_by_keyboard_and_names_it(client: Client, published: Snapshot) -> None:
    page = read(client)
    page = flat(page)
    drawing = page[
        page.index('class="chart-drawing') : page.index("</svg>", page.index('class="chart-drawing'))
    ]
    for slug, name in (
        ("petit-3b", "Petit-3B"),
        ("grand-70b", "Grand-70B"),
        ("melange-117b", "Mélange-117B"),
    ):
        assert f'href="#m-{slug}" aria-label="{name}' in drawing
        assert f'id="m-{slug}"' in page
    assert "," not in drawing.split('cx="')[1].split('"')[0]  # a French comma would not be a number in SVG


def test_every_reason_of_exclusion_is_counted_on_the_page(client: Client) -> None:
    small, _, _ = an_arena_with_votes()
    large = LanguageModel.objects.get(slug="grand-70b")
    for number, reason in enumerate(Exclusion, start=11):
        pair = (small, small) if reason == Exclusion.SELF_MATCH else (small, large)
        add_ballots(*pair, {TIE: number}, excluded_reason=reason)
    compute_due()
    page = read(client)
    for number, reason in enumerate(Exclusion, start=11):
        assert f"<dt>{reason.label}</dt><dd>{number}</dd>" in flat(page).replace("&#x27;", "’")


def test_an_old_snapshot_is_reached_by_its_date(client: Client, published: Snapshot) -> None:
    Snapshot.objects.update(computed_at=timezone.now() - timedelta(days=30))
    add_ballots(
        *LanguageModel.objects.filter(slug__in=["petit-3b", "grand-70b"]).order_by("pk"), {FIRST: 100}
    )
    compute_due()
    now, then = timezone.localdate(), timezone.localdate() - timedelta(days=20)
    assert "1 000 votes comptés" in read(client).replace("\u202f", " ").replace("\xa0", " ")
    assert "1 000 votes" in read(client, f"/classement/?day={now}").replace("\u202f", " ").replace(
        "\xa0", " "
    )
    assert "900 votes comptés" in read(client, f"/classement/?day={then}")
    assert "Aucun classement" in read(client, "/classement/?day=2001-01-01")


def test_imported_votes_are_shown_apart_or_together(client: Client, published: Snapshot) -> None:
    small, large = LanguageModel.objects.filter(slug__in=["petit-3b", "grand-70b"]).order_by("pk")
    arena = VoteSource.objects.create(slug="arene", name="Arène voisine", link="https://arene.example")
    add_ballots(small, large, {FIRST: 400}, source=arena)
    compute_due()
    assert names_in_order(read(client), *NAMES) == ["Grand-70B", "Mélange-117B", "Petit-3B"]
    page = read(client, "/classement/?votes=arene")
    assert names_in_order(page, *NAMES) == ["Petit-3B", "Grand-70B"]
    assert '<a href="https://arene.example">Arène voisine</a>' in page
    assert "1 300 votes" in read(client, "/classement/?votes=ensemble").replace("\u202f", " ").replace(
        "\xa0", " "
    )


def test_a_draw_is_no_win_in_the_matrix(client: Client) -> None:
    small, large, _ = three_models()
    add_ballots(small, large, {FIRST: 3, SECOND: 5, TIE: 12})
    compute_due()
    page = read(client, "/classement/duels/")
    assert "15 %" in page.replace("\xa0", " ") and "25 %" in page.replace("\xa0", " ")
    assert "3 gagnés, 12 égaux, 5 perdus" in page
    assert "5 gagnés, 12 égaux, 3 perdus" in page


@pytest.mark.slow
def test_the_reasons_of_readers_are_shown_by_model(client: Client) -> None:
    pair = cast.petit_3b(), cast.grand_70b()
    for _ in range(20):
        vote = cast.vote(cast.make_duel(*pair), Vote.Choice.A)
        VoteComment.objects.create(vote=vote, side="a", reasons=["clear"])
        VoteComment.objects.create(vote=vote, side="b", reasons=["false", "off_topic"])
    compute_due()
    page = read(client, "/classement/duels/")
    table = page[page.index("reasons-title") : page.index("shift-title")]
    assert table.index("Grand-70B") < table.index("Petit-3B")
    assert "<td>20</td>" in table and "<td>40</td>" in table
    assert "hors consigne" in table and "utile" in table
    VoteReason.objects.filter(code__in=["off_topic", "useful"]).update(is_enabled=False, label_en="")
    page = client.get("/classement/duels/", headers={"Accept-Language": "en"}).content.decode()
    table = page[page.index("reasons-title") : page.index("shift-title")]
    assert "hors consigne" in table and "superficial" in table, "counted, though disabled and without English"
    assert "useful" not in table and "utile" not in table, "neither counted nor on offer"


def test_the_page_of_a_model_tells_its_days_and_its_opponents(client: Client, published: Snapshot) -> None:
    Snapshot.objects.update(computed_at=timezone.now() - timedelta(days=3))
    compute_due(force=True)
    page = read(client, "/classement/modeles/grand-70b/")
    history = page[page.index("history-title") : page.index("opponents-title")]
    assert history.count('<th scope="row">') == 2
    assert history.count("point-mark") == 2
    assert "Mélange-117B" in page[page.index("opponents-title") :]
    read(client, "/classement/modeles/nobody/", status=404)


def test_a_model_without_votes_has_a_page_that_says_so(client: Client, published: Snapshot) -> None:
    cast.secret()
    assert "n’a pas de vote qui compte" in read(client, "/classement/modeles/secret-1/")


def test_the_csv_repeats_its_date_and_licence_on_every_line(client: Client, published: Snapshot) -> None:
    response = client.get("/classement/classement.csv")
    lines = list(csv.DictReader(StringIO(response.content.decode())))
    assert [line["model"] for line in lines] == ["grand-70b", "melange-117b", "petit-3b"]
    assert {line["data_licence"] for line in lines} == {"Licence Ouverte / Open Licence 2.0 (Etalab)"}
    assert {line["computed_at"] for line in lines} == {published.computed_at.isoformat()}
    assert float(lines[0]["points"]) > 1000
    assert "conso-duel-conso-duel-" in response["Content-Disposition"]


def test_the_json_holds_the_whole_snapshot(client: Client, published: Snapshot) -> None:
    snapshot = json.loads(read(client, "/classement/classement.json"))
    assert snapshot["counted_votes"] == 900
    assert {model["model"] for model in snapshot["models"]} == {"petit-3b", "grand-70b", "melange-117b"}
    pair = next(
        pair for pair in snapshot["pairs"] if {pair["first"], pair["second"]} == {"petit-3b", "grand-70b"}
    )
    assert (pair["first_wins"], pair["second_wins"], pair["ties"], pair["both_bad"]) == (60, 180, 40, 20)
    [licence] = snapshot["data_licences"]
    assert (licence["votes_of"], licence["licence"]) == ("conso-duel", snapshot["data_licence"])
    assert licence["link"].startswith("https://")


def test_votes_of_another_arena_are_shown_under_their_own_licence(
    client: Client, published: Snapshot
) -> None:
    models = LanguageModel.objects.in_bulk(["petit-3b", "grand-70b"], field_name="slug")
    for slug, licence in (("ailleurs", "CC BY-NC 4.0"), ("muette", "")):
        source = VoteSource.objects.create(slug=slug, name=slug.title(), licence=licence)
        add_ballots(models["petit-3b"], models["grand-70b"], {FIRST: 5}, source)
    compute_due()
    ours = "Licence Ouverte / Open Licence 2.0 (Etalab)"
    expected = {
        "conso-duel": ours,
        "ailleurs": "CC BY-NC 4.0",
        "muette": "not told by this arena",
        "ensemble": f"conso-duel: {ours}; ailleurs: CC BY-NC 4.0; muette: not told by this arena",
    }
    for scope, licence in expected.items():
        response = client.get("/classement/classement.json", {"votes": scope})
        assert response.json()["data_licence"] == licence
        assert ("Link" in response) == (scope == "conso-duel")
    board = read(client, "/classement/?votes=ailleurs")
    assert "CC BY-NC 4.0" in board and ours not in board
    whole = read(client, "/classement/?votes=ensemble")
    assert all(words in whole for words in (ours, "CC BY-NC 4.0", "licence non précisée"))


@pytest.mark.parametrize("address", ["classement.csv", "classement.json", "duels/", "modeles/petit-3b/"])
def test_before_the_first_snapshot_there_is_nothing_to_fetch(client: Client, address: str) -> None:
    read(client, f"/classement/{address}", status=404)


@pytest.mark.slow
@pytest.mark.parametrize("address", ["", "duels/", "modeles/grand-70b/", "classement.csv", "classement.json"])
def test_queries_do_not_grow_with_models(
    client: Client, published: Snapshot, address: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        size = {"architecture": "dense", "total_params_b": 5.0 + number}
        other = cast.make_model(f"autre-{number}", f"Autre {number}", f"Maison {number}", cast.NOWHERE, size)
        add_ballots(LanguageModel.objects.get(slug="petit-3b"), other, {TIE: 320})
    compute_due()
    with django_assert_max_num_queries(7):
        read(client, f"/classement/{address}")


def test_a_model_s_two_pages_lead_to_each_other_once_it_has_votes(
    client: Client, published: Snapshot
) -> None:
    cast.secret()
    assert 'href="/classement/modeles/grand-70b/"' in read(client, "/modeles/grand-70b/")
    assert 'href="/modeles/grand-70b/"' in read(client, "/classement/modeles/grand-70b/")
    assert "/classement/modeles/" not in read(client, "/modeles/secret-1/")


def test_reading_sets_no_cookie(client: Client, published: Snapshot) -> None:
    assert not set(client.get("/classement/").cookies) & {"sessionid", "visitor"}


def test_a_model_whose_facts_went_wrong_keeps_its_votes(client: Client, published: Snapshot) -> None:
    LanguageModel.objects.filter(slug="petit-3b").update(total_params_b=None)
    assert "Petit-3B" in names_in_order(read(client), *NAMES)
    compute_due(force=True)
    assert "Petit-3B" in names_in_order(read(client), *NAMES)
    assert Ballot.objects.count() == 900
