"""The pages as they leave the server: with the whole registry, with none, and with bad addresses."""

import re

import pytest
from django.test import Client
from django.urls import reverse

NAMES = (
    "index",
    "own_question",
    "size",
    "tokens",
    "architecture",
    "simulator",
    "method",
    "errors",
    "training",
    "glossary",
)
PAGES = [reverse(f"learn:{name}") for name in NAMES] + [reverse("learn:quiz") + "?draw=bcdfg&choices=ab"]

# A plain space before « : ; ! ? » or inside the quotation marks, or a straight apostrophe.
BAD_TYPOGRAPHY = re.compile(r"\w [:;!?»]|« |\w'\w")
# Addresses, code, and what other packages say in English are no French sentence.
NOT_SENTENCES = re.compile(r"<(head|script|svg|code)\b.*?</\1>|<[^>]*>", re.DOTALL)


def words_of(body: str) -> str:
    """The words that a reader reads."""
    return NOT_SENTENCES.sub("¶", body)


@pytest.mark.parametrize("page", PAGES)
def test_each_page_says_its_title_and_leads_to_the_others(registry: None, client: Client, page: str) -> None:
    response = client.get(page)
    body = response.content.decode()
    assert response.status_code == 200
    assert "– Conso Duel</title>" in body
    assert all(reverse(f"learn:{name}") in body for name in (*NAMES, "quiz"))


@pytest.mark.parametrize("page", PAGES)
def test_without_a_single_model_each_page_still_explains(db: None, client: Client, page: str) -> None:
    assert client.get(page).status_code == 200


def test_the_page_of_sizes_says_which_models_the_registry_lacks(db: None, client: Client) -> None:
    assert "gpt-4" in client.get(reverse("learn:size")).content.decode()


@pytest.mark.parametrize("page", PAGES)
def test_the_french_of_each_page_is_set_as_in_a_book(registry: None, client: Client, page: str) -> None:
    body = client.get(page, headers={"accept-language": "fr"}).content.decode()
    found = BAD_TYPOGRAPHY.search(words_of(body))
    assert found is None, words_of(body)[max(0, found.start() - 40) : found.end() + 40]


@pytest.mark.parametrize("page", ["index", "size", "method"])
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("?model=personne", "Ce modèle n’est pas dans notre registre."),
        ("?tokens=-3", "Cette longueur n’est pas proposée."),
    ],
)
def test_a_bad_address_is_explained_in_one_sentence(
    registry: None, client: Client, page: str, address: str, sentence: str
) -> None:
    response = client.get(reverse(f"learn:{page}") + address)
    assert response.status_code == 400
    assert sentence in response.content.decode()


def test_the_menu_of_the_site_leads_here(client: Client, db: None) -> None:
    assert f'href="{reverse("learn:index")}"' in client.get(reverse("about")).content.decode()


@pytest.mark.parametrize(
    "page", ["index", "size", "architecture", "simulator", "method", "errors", "training"]
)
def test_queries_do_not_grow_with_the_models(
    registry: None, client: Client, django_assert_max_num_queries: object, page: str
) -> None:
    with django_assert_max_num_queries(2):  # type: ignore[operator]
        client.get(reverse(f"learn:{page}"))
