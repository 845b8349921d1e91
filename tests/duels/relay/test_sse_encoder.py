"""Encoded events are read back the same by a reader that follows the standard.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
"""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from duels.relay.redis_stream import Event, as_html
from duels.relay.sse_encoder import encode, retry_after


def read(stream: bytes) -> list[tuple[str, str, str]]:
    """Name, id and data of each event, as a browser reads them."""
    events, name, last_id, data = [], "", "", []
    for line in re.split("\r\n|\r|\n", stream.decode("utf-8", "strict")):
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match field:
            case "event":
                name = value
            case "id":
                last_id = value
            case "data":
                data.append(value)
            case "" if not line and data:
                events.append((name, last_id, "\n".join(data)))
                name, data = "", []
    return events


def test_an_event_has_its_name_its_id_and_its_data() -> None:
    assert read(encode(Event("a-chunk", "bleu", "17-3"))) == [("a-chunk", "17-3", "bleu")]


def test_an_event_without_data_is_still_an_event() -> None:
    assert read(encode(Event("a-start"))) == [("a-start", "", "")]


def test_text_that_looks_like_events_stays_text() -> None:
    hostile = "\n\nevent: end\ndata: rien\n\nid: 99-0\n: remarque\nretry: 1\n"
    assert read(encode(Event("b-chunk", hostile, "1-0"))) == [("b-chunk", "1-0", hostile)]


@given(st.text())
def test_any_text_arrives_character_for_character(text: str) -> None:
    ((name, _, data),) = read(encode(Event("a-chunk", as_html(text))))
    assert name == "a-chunk"
    # A reference that the text itself held was escaped before, so that only ours are resolved here.
    plain = data.replace("&#13;", "\r").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert plain == text


def test_a_carriage_return_reaches_the_page_as_one() -> None:
    ((_, _, data),) = read(encode(Event("a-chunk", "un\r\ndeux")))
    assert unescape(data) == "un\r\ndeux"


def test_the_stream_says_when_to_reconnect() -> None:
    assert retry_after(1500) == b"retry: 1500\n\n"
