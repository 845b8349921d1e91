"""Ideas to begin with: enough of them, ours, set as each language is set, and all of them reached."""

import re
from importlib import import_module

import pytest
from django.test import Client
from django.utils.translation import override
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from duels.curated_words import MAX_SUGGESTION_CHARACTERS, Suggestion, Topic
from duels.pages.suggestions import PER_PAGE, Idea, ideas, ideas_by_language, suggestion_page
from tests.markup import flat

SEED: list[tuple[str, str, str]] = import_module("duels.migrations.0024_suggestions").SUGGESTIONS
BLANK = re.compile(r"\[[^\]]+\]")
BAD_FRENCH = re.compile(r" [:;!?»%€°]|« |\d [h\d]|\w'\w|\.\.\.|[“”]")
BAD_ENGLISH = re.compile(r"[«»]|[ \u00a0][:;!?%]|\w'\w|\.\.\.")

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


def pages() -> list[list[Idea]]:
    """The ideas of each mixed page, in their order, from the first until it comes again."""
    shown, page = [], 1
    while not shown or page != 1:
        found = suggestion_page({"page": str(page)})
        shown.append(found.shown)
        page = found.next_page or 1
    return shown


def test_a_new_site_begins_with_ideas_on_each_topic() -> None:
    assert len(ideas()) == len(SEED) >= 12
    assert ideas().topics == list(Topic)
    assert all(suggestion_page({"topic": topic.value}).look_for for topic in Topic)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_other_ideas_lead_through_all_of_them_and_back(language: str) -> None:
    with override(language):
        seen = [one for page in pages() for one in page]
        assert len(seen) == len(ideas())
        assert set(seen) == set(ideas())


def test_ideas_shown_together_teach_different_things() -> None:
    assert {len({one.topic for one in page}) for page in pages()} == {PER_PAGE}


def test_topics_of_unequal_length_still_lead_to_every_idea() -> None:
    Suggestion.objects.filter(topic__in=["small-model", "advice", "school", "summary"]).delete()
    Suggestion.objects.create(topic="fact-check", text_fr="Une de plus ?")
    seen = [one for page in pages() for one in page]
    assert sorted(one.prompt for one in seen) == sorted(one.prompt for one in ideas())
    assert [len(page) for page in pages()] == [3, 3, 3, 3, 3, 1]


def test_a_topic_shows_its_own() -> None:
    found = suggestion_page({"topic": "arithmetic", "page": "2"})
    assert found.topic is Topic.ARITHMETIC
    assert {one.topic for one in found.shown} == {Topic.ARITHMETIC}
    assert found.next_page is None


@pytest.mark.parametrize("written", ["0", "-1", "99", "9" * 5000, "²", "deux", ""])
def test_a_page_that_does_not_exist_is_the_first(written: str) -> None:
    assert suggestion_page({"page": written, "topic": "nul"}) == suggestion_page({})


@pytest.mark.parametrize(("topic", "french", "english"), SEED, ids=lambda text: text[:30])
def test_an_idea_is_short_and_set_as_its_language_is(topic: str, french: str, english: str) -> None:
    assert topic in Topic.values
    assert max(len(french), len(english)) < MAX_SUGGESTION_CHARACTERS
    assert BAD_FRENCH.search(french) is None
    assert BAD_ENGLISH.search(english) is None
    blanks = [BLANK.findall(text) for text in (french, english)]
    assert len(blanks[0]) == len(blanks[1]) <= 1


def test_the_prompt_is_in_the_readers_language() -> None:
    _topic, french, english = SEED[0]
    assert ideas().on(Topic.SMALL)[0].prompt == french
    with override("en"):
        assert ideas().on(Topic.SMALL)[0].prompt == english


def test_ideas_are_read_once_in_a_while(
    settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.CANDIDATES_TTL_SECONDS = 60
    ideas_by_language.clear()
    with django_assert_num_queries(1):
        assert ideas() is ideas()


def test_without_any_the_home_page_has_no_place_for_them(client: Client) -> None:
    assert 'id="suggestions"' in client.get("/").content.decode()
    Suggestion.objects.update(is_enabled=False)
    home = client.get("/")
    assert home.status_code == 200
    assert 'id="suggestions"' not in home.content.decode()
    assert client.get("/", {"page": "2", "topic": "advice"}).status_code == 200


def test_a_suggestion_fills_the_question_without_a_script() -> None:
    home = flat(Client().get("/", {"topic": "advice"}).content.decode())
    address = re.search(r'href="(/\?prompt=[^"]+)"[^>]*>\s*<strong>Conseil', home)
    assert address
    filled = Client().get(address[1].replace("&amp;", "&")).content.decode()
    assert re.search(r"<textarea[^>]*>\s*Propose une journée à \[ville\]", filled)


def test_the_part_that_a_script_asks_for_is_the_part_of_the_page() -> None:
    whole = Client().get("/", {"page": "3"})
    part = Client().get("/", {"page": "3"}, headers={"HX-Request": "true"})
    assert part.content.decode().strip() in whole.content.decode()
    assert "<html" not in part.content.decode()
    for response in (whole, part):  # one address, two bodies: the browser keeps them apart
        assert "HX-Request" in response["Vary"]
