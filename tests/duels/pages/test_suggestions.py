"""Questions to begin with: enough of them, ours, set as each language is set, and all of them reached."""

import re

import pytest
from django.test import Client
from django.utils.translation import override

from duels.models import MAX_PROMPT_CHARACTERS
from duels.pages.suggestions import PAGES, PER_PAGE, SUGGESTIONS, TOPICS, Suggestion, suggestion_page
from tests.markup import flat

BLANK = re.compile(r"\[[^\]]+\]")
BAD_FRENCH = re.compile(r" [:;!?»%€°]|« |\d [h\d]|\w'\w|\.\.\.|[“”]")
BAD_ENGLISH = re.compile(r"[«»]|[ \u00a0][:;!?%]|\w'\w|\.\.\.")
LONG_FOR_A_SUGGESTION = 400


def pages() -> list[list[Suggestion]]:
    """What each page of the mixed suggestions shows, in their order, from the first until it comes again."""
    shown, page = [], 1
    while not shown or page != 1:
        found = suggestion_page({"page": str(page)})
        shown.append(found.shown)
        page = found.next_page or 1
    return shown


def test_each_topic_has_suggestions_and_says_where_to_look() -> None:
    assert len(SUGGESTIONS) >= 12
    assert {one.topic.slug for one in SUGGESTIONS} == {topic.slug for topic in TOPICS}
    assert all(topic.label and topic.look_for for topic in TOPICS)


def test_other_suggestions_lead_through_all_of_them_and_back() -> None:
    seen = [one for page in pages() for one in page]
    assert len(pages()) == PAGES
    assert sorted(seen, key=SUGGESTIONS.index) == list(SUGGESTIONS)


def test_suggestions_shown_together_teach_different_things() -> None:
    assert [len({one.topic.slug for one in page}) for page in pages()] == [PER_PAGE] * PAGES


def test_a_topic_shows_its_own() -> None:
    found = suggestion_page({"topic": "arithmetic", "page": "2"})
    assert found.topic and found.topic.slug == "arithmetic"
    assert {one.topic.slug for one in found.shown} == {"arithmetic"}
    assert found.next_page is None


@pytest.mark.parametrize("written", ["0", "-1", "99", "9" * 5000, "²", "deux", ""])
def test_a_page_that_does_not_exist_is_the_first(written: str) -> None:
    assert suggestion_page({"page": written, "topic": "nul"}) == suggestion_page({})


@pytest.mark.parametrize("one", SUGGESTIONS, ids=lambda one: one.french[:30])
def test_a_suggestion_is_short_and_set_as_its_language_is(one: Suggestion) -> None:
    assert max(len(one.french), len(one.english)) < LONG_FOR_A_SUGGESTION < MAX_PROMPT_CHARACTERS
    assert BAD_FRENCH.search(one.french) is None
    assert BAD_ENGLISH.search(one.english) is None


@pytest.mark.parametrize("one", SUGGESTIONS, ids=lambda one: one.french[:30])
def test_there_is_one_blank_at_most_and_it_is_in_both_languages(one: Suggestion) -> None:
    blanks = [BLANK.findall(text) for text in (one.french, one.english)]
    assert len(blanks[0]) == len(blanks[1]) <= 1


def test_the_prompt_is_in_the_readers_language() -> None:
    assert SUGGESTIONS[0].prompt == SUGGESTIONS[0].french
    with override("en"):
        assert SUGGESTIONS[0].prompt == SUGGESTIONS[0].english


@pytest.mark.django_db
@pytest.mark.usefixtures("static_files")
def test_a_suggestion_fills_the_question_without_a_script() -> None:
    home = flat(Client().get("/", {"topic": "advice"}).content.decode())
    address = re.search(r'href="(/\?prompt=[^"]+)"[^>]*>\s*<strong>Conseil', home)
    assert address
    filled = Client().get(address[1].replace("&amp;", "&")).content.decode()
    assert re.search(r"<textarea[^>]*>\s*Propose une journée à \[ville\]", filled)


@pytest.mark.django_db
@pytest.mark.usefixtures("static_files")
def test_the_part_that_a_script_asks_for_is_the_part_of_the_page() -> None:
    whole = Client().get("/", {"page": "3"})
    part = Client().get("/", {"page": "3"}, headers={"HX-Request": "true"})
    assert part.content.decode().strip() in whole.content.decode()
    assert "<html" not in part.content.decode()
    for response in (whole, part):  # one address, two bodies: the browser keeps them apart
        assert "HX-Request" in response["Vary"]
