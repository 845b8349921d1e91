"""Time grows in proportion to the text, whatever a visitor or a model's server writes."""

import csv
import json
import math
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import product
from pathlib import Path

import pytest
from django.utils.text import Truncator
from pygments.lexers import get_lexer_by_name

from backends.base import BackendError
from backends.openai import errors, model_list
from backends.openai.chunks import ErrorEvent, ProtocolError
from backends.openai.decoder import CompletionDecoder
from duels.markdown import to_html
from duels.markdown.code import COLOUR_SECONDS, LANGUAGES, MAX_COLOURED_CHARACTERS, to_coloured_html
from duels.markdown.incremental import IncrementalRenderer
from duels.sharing.social_card import CardSide, CardText, render_card
from leaderboard.ballots.ballot import MARKDOWN_MARKS
from leaderboard.ballots.self_identification import Identity, identifies_itself
from leaderboard.ballots.vote_files import COLUMNS, InvalidVoteFile, read_votes
from models_registry.exchange.parse import UnreadableFile, parse_file
from science import tokens

SHORT, LONG = 3_000, 12_000
SOON_SECONDS = 0.15  # for LONG: no text of an answer's length can then hold a process for long
MOST_EXPONENT = 1.4
PIECE = 400  # characters that arrive at once
UNITS = (
    " ", "\n", "\r", "\n\n ", "a", "\u0301", "0", "1. ", "*", "**a ", "_a", "~", "`", "``` ", "```a\n", "\\",
    "[", "[](", "![](", "[a]: b\n", "[^1]: a\n\n", "<", "> ", "<a", "<sub>", "&#", "|a", "|-|\n", "- ", "#",
    "$a", "$$", "\\(", "\\begin{align}", "{", "^a", "\"", "«", "http://", "a@b", "<think>", "</think>",
    "je suis ", "as a ", "error code ", "retry after ", "<title", "{\"a\":", "\n- a\n  ", "a\n=", ",",
    "a,", ",\n", "\"\n", "\"\",", "a | b | c | d\n", "{\"a\": 1, ",
)  # fmt: skip
OPENINGS = ("", "```html\n", "| a | b |\n|---|---|\n", "je suis ")
MOST_SECONDS = 2.0  # of Markdown, whose lists and tables take more than in proportion
CODE_UNITS = (
    "a",
    "1",
    " ",
    "\n",
    '"',
    "'",
    "(",
    "{",
    "[",
    "<",
    "/",
    "\\",
    "$",
    "#",
    "@",
    "`",
    ":",
    "a.",
    "a ",
    "<a ",
    "<<a\n",
)


def feed_renderer(text: str) -> None:
    renderer = IncrementalRenderer()
    for place in range(0, len(text), PIECE):
        renderer.feed(text[place : place + PIECE])
    renderer.finish()


def decode(text: str) -> None:
    """The text as an answer, then as the body itself."""
    decoder = CompletionDecoder(max_characters=100_000)
    for place in range(0, len(text), PIECE):
        chunk = {"choices": [{"index": 0, "delta": {"content": text[place : place + PIECE]}}]}
        decoder.feed(b"data: " + json.dumps(chunk).encode() + b"\n\n")
    with suppress(BackendError):
        decoder.finish()
    body = CompletionDecoder(max_characters=100_000)
    with suppress(BackendError, ErrorEvent, ProtocolError, ValueError):
        body.feed(text.encode())
        body.finish()


def read_error(text: str) -> None:
    for status in (400, 429):
        errors.classify(status, text)
        errors.blames_request(status, text)
    errors.event_status({"message": text}, json.dumps({"message": text}))
    errors.seconds_to_wait(text)


def read_file(text: str) -> None:
    """The text as a registry to import, then as cells below a line of columns and as those columns."""
    for file in (text, f"slug,name\n{text}", f"slug,{text}"):
        with suppress(UnreadableFile):
            parse_file(file)


def read_csv_of_votes(text: str) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as file:
        file.write(f"{','.join(COLUMNS)}\n{text}")
        file.flush()
        with suppress(InvalidVoteFile, csv.Error):
            read_votes(Path(file.name))


def draw_card(text: str) -> None:
    """The text as the name of both models of a card."""
    side = CardSide("A", text, "1 Wh", "0,5 à 2 Wh", "Préférée")
    render_card.__wrapped__(CardText("Un vote", "", "A plus que B", None, (side, side), "A", text))


def read_models(text: str) -> None:
    with suppress(ErrorEvent, ProtocolError, ValueError):
        model_list.parse_models(text.encode())


RENDERERS: dict[str, Callable[[str], object]] = {"whole": to_html, "as it arrives": feed_renderer}
READERS: dict[str, Callable[[str], object]] = {
    "answers": decode,
    "errors": read_error,
    "lists of models": read_models,
    "self-naming": lambda text: identifies_itself(text, Identity("GPT-4o", (), "OpenAI", "openai")),
    "marks of Markdown": lambda text: len(MARKDOWN_MARKS.findall(text)),
    "counts": tokens.count,
    "excerpts": lambda text: Truncator(text).chars(300),
    "files to import": read_file,
    "files of votes": read_csv_of_votes,
}


def seconds(read: Callable[[str], object], text: str, times: int = 1) -> float:
    """The least of some measurements, in time of this thread's processor."""
    measured = []
    for _ in range(times):
        started = time.thread_time()
        read(text)
        measured.append(time.thread_time() - started)
    return min(measured)


def exponent(read: Callable[[str], object], make: Callable[[int], str]) -> float:
    """The power of the length by which the time grows."""
    short, long = (seconds(read, make(length), 4) for length in (SHORT, LONG))
    return math.log(long / short) / math.log(LONG / SHORT)


def repeated(opening: str, unit: str) -> Callable[[int], str]:
    return lambda length: (opening + unit * (length // len(unit) + 1))[:length]


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_the_time_to_read_a_hostile_text_grows_with_its_length_alone(name: str) -> None:
    read = READERS[name]
    read("Le ciel est **bleu**. " * 20)  # what is loaded once
    steep = {}
    for opening, unit in product(OPENINGS, UNITS):
        make = repeated(opening, unit)
        if seconds(read, make(LONG)) > SOON_SECONDS and (power := exponent(read, make)) > MOST_EXPONENT:
            steep[opening + unit] = f"{power:.2f}, {seconds(read, make(LONG)):.2f} s"
    assert steep == {}


@pytest.mark.slow
@pytest.mark.parametrize("name", RENDERERS)
def test_no_hostile_text_takes_seconds_to_render(name: str) -> None:
    render = RENDERERS[name]
    render("Le ciel est **bleu**. " * 20)
    texts = (repeated(opening, unit)(LONG) for opening, unit in product(OPENINGS, UNITS))
    slow = {text[:40]: taken for text in texts if (taken := seconds(render, text)) > MOST_SECONDS}
    assert slow == {}


def test_a_paragraph_without_end_is_rendered_in_proportion_to_its_length() -> None:
    for unit in ("http://", '{"a":', "a@b", "[", "**a "):
        html = to_html(unit * (LONG // len(unit)))
        assert html.startswith("<p>")
        assert seconds(to_html, unit * (100_000 // len(unit))) < 1


def test_a_card_with_a_name_without_end_is_drawn_in_proportion_to_its_length() -> None:
    for unit in ("W", "a ", "é\u00a0", "\u0301"):
        make = repeated("", unit)
        draw_card(make(20))
        assert seconds(draw_card, make(LONG)) < 1.5 or exponent(draw_card, make) < MOST_EXPONENT


# One name for each lexer: « c++ » and « cpp » have the same.
ONE_NAME_EACH = {get_lexer_by_name(name).name: name for name in sorted(LANGUAGES)}.values()


@pytest.mark.slow
@pytest.mark.parametrize("language", ONE_NAME_EACH)
def test_hostile_code_takes_the_time_that_it_is_given_and_no_more(language: str) -> None:
    """The clock is looked at between two tokens: no token of the longest block takes long."""
    slow = {}
    for unit in CODE_UNITS:
        code = (unit * MAX_COLOURED_CHARACTERS)[:MAX_COLOURED_CHARACTERS]
        started = time.thread_time()
        to_coloured_html(code, language, until=started + COLOUR_SECONDS)
        if (taken := time.thread_time() - started) > 2 * COLOUR_SECONDS:
            slow[unit] = taken
    assert slow == {}
