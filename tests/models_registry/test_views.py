"""The public catalogue: listing, filters and orders, and the page of a model."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from itertools import pairwise

import pytest
from django.contrib.auth.models import Permission, User
from django.http import HttpResponse
from django.test import Client
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries

from models_registry.models import LanguageModel, Licence, Source
from models_registry.pages.labels import range_label
from models_registry.seed.read import ModelEntry, read_catalogue
from science.energy import METHODS, estimate
from tests import cast
from tests.markup import flat
from web.formatting import dated

pytestmark = pytest.mark.django_db

DECK = {  # the models that the seed deck names, and what their pages say of their size
    "gpt-4": "1 760 Md à 1 800 Md",
    "mistral-small-2506": "24 Md de paramètres, tous actifs",
    "gemma-3n-e2b": "2 Md de paramètres effectifs sur 5,4 Md",
    "gemma-3n-e4b": "4 Md de paramètres effectifs sur 7,9 Md",
    "llama-3.3-70b": "70,6 Md de paramètres, tous actifs",
    "mixtral-8x7b": "46,7 Md de paramètres, dont 12,9 Md actifs par jeton",
    "deepseek-v3": "671 Md de paramètres, dont 37 Md actifs par jeton",
    "llama-4-scout": "109 Md de paramètres, dont 17 Md actifs par jeton",
}


@pytest.fixture
def starter(registry: None, sources: None) -> None:
    """The registry as a fresh installation has it."""


@pytest.fixture
def troupe(db: None) -> dict[str, LanguageModel]:
    """The cast, by slug."""
    models = (cast.petit_3b(), cast.grand_70b(), cast.melange_117b(), cast.secret())
    return {model.slug: model for model in models}


def text_of(response: HttpResponse) -> str:
    """Text of the page, with plain spaces."""
    page = re.sub(r"<(svg|head)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return plain(re.sub(r"<[^>]+>", " ", page))


def plain(text: str) -> str:
    """The text with single plain spaces."""
    return " ".join(text.split())


def listed(client: Client, query: str = "") -> list[str]:
    """The slugs that the list shows, in its order."""
    page = client.get(f"/modeles/{query}").content.decode()
    table = page.partition("<tbody")[2]
    return re.findall(r'href="/modeles/([^/"]+)/"', table)


def deck_pages(client: Client) -> Iterator[tuple[ModelEntry, HttpResponse]]:
    """Each model of the deck as the catalogue's files know it, with its page."""
    entries = read_catalogue().by_name()
    for slug in DECK:
        yield entries[slug], client.get(f"/modeles/{slug}/")


@pytest.mark.slow
def test_each_model_of_the_deck_has_a_page_with_its_sourced_facts(client: Client, starter: None) -> None:
    for entry, response in deck_pages(client):
        text, page = text_of(response), response.content.decode()
        assert entry.name in text
        assert DECK[entry.slug] in text
        for source in entry.sources:
            assert f'href="{escape(source.link)}"' in page, (entry.slug, source.link)
            assert plain(f"{escape(source.title)}, {reading_of(source.read_on)}") in text.replace(" ,", ",")


def reading_of(read_on: date | None) -> str:
    return f"lue le {dated(read_on)}" if read_on else "pas encore relue"


@pytest.mark.slow
def test_every_model_of_the_starter_catalogue_has_a_line_and_a_page(client: Client, starter: None) -> None:
    slugs = [slug for number in range(1, 8) for slug in listed(client, f"?page={number}")]
    assert set(slugs) >= {model.slug for model in read_catalogue().models}
    broken = [slug for slug in set(slugs) if client.get(f"/modeles/{slug}/").status_code != 200]
    assert broken == []


def test_the_head_of_the_list_counts_the_sources_that_nobody_has_opened(
    client: Client, troupe: dict[str, LanguageModel]
) -> None:
    Source.objects.all().delete()
    page = {"fact": Source.Fact.SIZE, "link": "https://fiche.example", "title": "Fiche"}
    read = Source.objects.create(model=troupe["petit-3b"], read_on=date(2026, 11, 28), **page)
    assert "pas encore été ouverte" not in text_of(client.get("/modeles/"))
    Source.objects.create(model=troupe["grand-70b"], **page)
    assert "Sur 2 sources, 1 n’a pas encore été ouverte." in text_of(client.get("/modeles/"))
    Source.objects.filter(pk=read.pk).update(read_on=None)
    assert "Sur 2 sources, 2 n’ont pas encore été ouvertes." in text_of(client.get("/modeles/"))


def test_a_draft_that_a_curator_has_begun_is_not_public(
    client: Client, troupe: dict[str, LanguageModel]
) -> None:
    LanguageModel.objects.filter(slug="petit-3b").update(status=LanguageModel.Status.DRAFT)
    assert "petit-3b" not in listed(client)
    assert client.get("/modeles/petit-3b/").status_code == 404


def test_a_curator_reads_the_draft_as_its_page_will_be(
    client: Client, troupe: dict[str, LanguageModel]
) -> None:
    LanguageModel.objects.filter(slug="petit-3b").update(status=LanguageModel.Status.DRAFT)
    curator = User.objects.create_user("curatrice")
    curator.user_permissions.add(Permission.objects.get(codename="view_languagemodel"))
    client.force_login(curator)
    assert "seuls les curateurs voient cette fiche" in text_of(client.get("/modeles/petit-3b/"))


def test_a_model_whose_facts_contradict_each_other_does_not_take_the_list_down(
    client: Client, troupe: dict[str, LanguageModel]
) -> None:
    LanguageModel.objects.filter(slug="grand-70b").update(total_params_b=None)
    assert listed(client) == ["secret-1", "petit-3b", "melange-117b"]
    assert client.get("/modeles/grand-70b/").status_code == 404


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["grand-70b", "secret-1", "petit-3b", "melange-117b"]),
        ("?words=MELANGE", ["melange-117b"]),
        ("?words=hautemer+ateliers", ["grand-70b"]),
        ("?words=ancien-nom", ["petit-3b"]),
        ("?organisation=fabrique-quatrevents", ["petit-3b"]),
        ("?size=tiny", ["petit-3b"]),
        ("?size=medium", ["grand-70b"]),
        ("?size=large", ["secret-1", "melange-117b"]),
        ("?architecture=dense", ["grand-70b", "petit-3b"]),
        ("?architecture=dense&size=medium", ["grand-70b"]),
        ("?licence=proprietary", ["secret-1"]),
        ("?presence=playing", ["grand-70b", "secret-1", "petit-3b"]),
        ("?presence=archived", ["melange-117b"]),
        ("?presence=current", ["grand-70b", "secret-1", "petit-3b"]),
    ],
)
def test_filters_keep_what_was_asked_for(
    client: Client, troupe: dict[str, LanguageModel], query: str, slugs: list[str]
) -> None:
    LanguageModel.objects.filter(slug="melange-117b").update(status=LanguageModel.Status.ARCHIVED)
    LanguageModel.objects.filter(slug="petit-3b").update(aliases=["Ancien-Nom"])
    closed = Licence.objects.create(slug="close", name="Close", link="https://x.example", kind="proprietary")
    LanguageModel.objects.filter(slug="secret-1").update(licence=closed)
    assert listed(client, query) == slugs


@pytest.mark.parametrize(
    ("order", "slugs"),
    [
        ("name", ["grand-70b", "melange-117b", "petit-3b", "secret-1"]),
        ("size", ["petit-3b", "grand-70b", "melange-117b", "secret-1"]),
        ("-size", ["secret-1", "melange-117b", "grand-70b", "petit-3b"]),
        ("energy", ["petit-3b", "grand-70b", "melange-117b", "secret-1"]),
        ("-energy", ["secret-1", "melange-117b", "grand-70b", "petit-3b"]),
        ("date", ["secret-1", "melange-117b", "petit-3b", "grand-70b"]),
        ("-date", ["grand-70b", "petit-3b", "melange-117b", "secret-1"]),
    ],
)
def test_the_list_is_sorted_as_asked(
    client: Client, troupe: dict[str, LanguageModel], order: str, slugs: list[str]
) -> None:
    for year, slug in enumerate(("secret-1", "melange-117b", "petit-3b", "grand-70b"), start=2021):
        LanguageModel.objects.filter(slug=slug).update(release_date=date(year, 1, 1))
    assert listed(client, f"?order={order}") == slugs


@pytest.mark.slow
def test_by_energy_the_list_follows_the_estimate(client: Client, starter: None) -> None:
    shapes = {model.slug: model.shape() for model in LanguageModel.objects.all()}
    energies_wh = [estimate(shapes[slug], 1_000).mid_wh for slug in listed(client, "?order=energy")]
    assert len(energies_wh) == 50
    assert energies_wh == sorted(energies_wh)


def test_the_best_known_makers_come_first_each_with_its_models(
    client: Client, troupe: dict[str, LanguageModel]
) -> None:
    for number, maker in enumerate(("Abeille", "Mistral AI", "OpenAI")):
        size = {"architecture": "dense", "total_params_b": 1.0 + number}
        cast.make_model(f"autre-{number}", f"Autre {number}", maker, cast.NOWHERE, size)
    assert listed(client)[:4] == ["autre-2", "autre-1", "autre-0", "grand-70b"]
    headings = re.findall(r'scope="rowgroup"[^>]*>([^<]+)<', client.get("/modeles/").content.decode())
    assert headings[:4] == ["OpenAI", "Mistral AI", "Abeille", "Ateliers Hautemer"]
    assert "maker-row" not in client.get("/modeles/?order=size").content.decode()


def test_a_maker_with_more_models_than_a_phone_shows_at_a_time_has_one_heading(
    client: Client, db: None
) -> None:
    for number in range(25):
        size = {"architecture": "dense", "total_params_b": 1.0}
        cast.make_model(f"autre-{number}", f"Autre {number}", "Abeille", cast.NOWHERE, size)
    assert client.get("/modeles/").content.decode().count("maker-row") == 1


@pytest.mark.parametrize("order", ["name", "-name", "size", "-size", "date", "-date", "energy", "-energy"])
def test_each_heading_that_sorts_leads_to_a_list(
    client: Client, troupe: dict[str, LanguageModel], order: str
) -> None:
    page = client.get(f"/modeles/?order={order}").content.decode()
    links = [unescape(link) for link in re.findall(r'<th[^>]*>\s*<a href="(\?[^"]+)"', page)]
    assert len(links) == 4
    assert [client.get(f"/modeles/{link}").status_code for link in links] == [200] * 4


def test_a_filter_that_does_not_exist_is_announced_and_the_others_apply(
    client: Client, troupe: dict[str, LanguageModel]
) -> None:
    response = client.get("/modeles/?organisation=disparue&architecture=dense")
    assert response.status_code == 400
    assert "ce filtre n’existe pas, il est ignoré." in text_of(response)
    assert listed(client, "?organisation=disparue&architecture=dense") == ["grand-70b", "petit-3b"]


@pytest.mark.parametrize("query", ["?page=99", "?page=deux", "?page=-1", "?words=%00", "?order=prix"])
def test_an_address_made_up_by_hand_still_shows_a_page(
    client: Client, troupe: dict[str, LanguageModel], query: str
) -> None:
    response = client.get(f"/modeles/{query}")
    assert response.status_code in (200, 400)
    assert "Petit-3B" in text_of(response)


def test_an_empty_list_shows_the_way_back(client: Client, troupe: dict[str, LanguageModel]) -> None:
    response = client.get("/modeles/?words=introuvable")
    assert "Aucun modèle ne correspond à ces filtres." in text_of(response)
    assert '<a class="button" href="/modeles/">' in response.content.decode()


def test_an_empty_registry_says_so_and_offers_nothing_to_filter(client: Client) -> None:
    response = client.get("/modeles/")
    assert response.status_code == 200
    assert "Le catalogue est encore vide" in text_of(response)
    assert "<select" not in response.content.decode() + client.get("/comprendre/").content.decode()


def test_a_single_model_is_counted_as_one(client: Client) -> None:
    cast.petit_3b()
    assert "1 modèle de 1 organisation. Chaque fait" in text_of(client.get("/modeles/"))


@pytest.mark.slow
def test_pages_keep_the_filters(client: Client, starter: None) -> None:
    page = flat(client.get("/modeles/?architecture=dense&order=-size").content.decode())
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following
    address = following.group(1).replace("&amp;", "&")
    assert address == "/modeles/?architecture=dense&order=-size&page=2"
    first, second = listed(client, "?architecture=dense&order=-size"), listed(client, address[9:])
    assert len(first) == 50
    assert not set(first) & set(second)


def test_the_part_for_htmx_is_the_page_s_own_and_names_its_address(
    client: Client, troupe: dict[str, LanguageModel]
) -> None:
    query = "/modeles/?words=&organisation=&size=&architecture=dense&licence=&presence=&order=maker"
    part = client.get(query, headers={"HX-Request": "true"})
    whole = client.get("/modeles/?architecture=dense")
    lines = re.compile(r"<tbody.*</tbody>", re.DOTALL)
    assert lines.findall(part.content.decode()) == lines.findall(whole.content.decode())
    assert "<html" not in part.content.decode()
    assert part["HX-Push-Url"] == "/modeles/?architecture=dense"
    assert "HX-Request" in whole["Vary"]


def test_queries_do_not_grow_with_the_models(
    client: Client, troupe: dict[str, LanguageModel], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):  # the models, and the count of their sources
        client.get("/modeles/")
    for number in range(20):
        size = {"architecture": "dense", "total_params_b": 1.0 + number}
        cast.make_model(f"autre-{number}b", f"Autre {number}", f"Maison {number}", cast.NOWHERE, size)
    with django_assert_num_queries(2):
        client.get("/modeles/")


def test_queries_of_a_page_do_not_grow_with_its_sources(
    client: Client, troupe: dict[str, LanguageModel], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        link = f"https://source.example/{number}"
        Source.objects.create(model=troupe["petit-3b"], fact="size", link=link, title=f"Fiche {number}")
    with django_assert_num_queries(3):
        client.get("/modeles/petit-3b/")


def test_a_model_that_answers_can_be_met_from_its_page(
    client: Client, troupe: dict[str, LanguageModel]
) -> None:
    page = flat(client.get("/modeles/grand-70b/").content.decode())
    link = re.search(r'href="([^"]+)">Lancer un duel avec ce modèle', page)
    assert link
    home = client.get(link.group(1).replace("&amp;", "&")).content.decode()
    assert '<option value="chosen" selected>' in home
    assert '<option value="grand-70b" selected>' in home


def test_a_model_that_cannot_answer_says_so(client: Client, troupe: dict[str, LanguageModel]) -> None:
    troupe["petit-3b"].endpoints.update(enabled=False)
    LanguageModel.objects.filter(slug="grand-70b").update(status=LanguageModel.Status.ARCHIVED)
    for slug, sentence in (("petit-3b", "Il ne joue pas ici"), ("grand-70b", "il ne joue plus ici")):
        text = text_of(client.get(f"/modeles/{slug}/"))
        assert sentence in text
        assert "Lancer un duel" not in text


def test_a_page_draws_each_method_in_a_row_of_its_own(
    client: Client, troupe: dict[str, LanguageModel]
) -> None:
    page = client.get("/modeles/grand-70b/").content.decode()
    rows = [
        int(y) for y in re.findall(r'<g transform="translate\(0 (\d+)\)">\s*<text class="method-name"', page)
    ]
    height = re.search(r'<svg class="figures" width="100%" height="(\d+)"', page)
    assert height
    assert len(rows) == len(METHODS)
    assert {below - above for above, below in pairwise(rows)} == {38}
    assert int(height[1]) - max(rows) == 74


def test_a_page_shows_three_parts_and_each_method_with_its_range(
    client: Client, troupe: dict[str, LanguageModel]
) -> None:
    text = text_of(client.get("/modeles/grand-70b/"))
    for part in ("relire le modèle", "calculer", "occuper 4 puces"):
        assert part in text
    for method in METHODS:
        assert plain(range_label(estimate(troupe["grand-70b"].shape(), 400, method))) in text


def test_a_size_that_is_not_published_is_shown_as_a_hypothesis_with_its_reason(
    client: Client, troupe: dict[str, LanguageModel]
) -> None:
    response = client.get("/modeles/secret-1/")
    text = text_of(response)
    assert "Taille non publiée : hypothèse" in text
    assert "Nous retenons de 90 Md à 610 Md de paramètres." in text
    assert "Le prix et la vitesse de ses réponses." in text
    assert "band-hypothesis" in response.content.decode()
    assert "band-hypothesis" not in client.get("/modeles/grand-70b/").content.decode()


def test_the_licence_is_explained_in_the_reader_s_language(
    client: Client, troupe: dict[str, LanguageModel]
) -> None:
    assert "Chacun peut s’en servir." in text_of(client.get("/modeles/petit-3b/"))
    english = client.get("/modeles/petit-3b/", headers={"Accept-Language": "en"})
    assert "Anybody may use it." in text_of(english)


def test_an_unknown_model_is_not_found(client: Client) -> None:
    assert client.get("/modeles/llama-9.9-1b/").status_code == 404
