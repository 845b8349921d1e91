"""Server-Sent Events, cut anywhere."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.openai.sse import MAX_LINE_BYTES, EventDecoder, LineTooLong, ServerEvent

STREAM = (
    'data: {"é": "🦊"}\n\n: comment\nevent: x\nid: 3\ndata:two\r\n\r\nretry: 5\ndata:  three  \n'.encode()
)
EVENTS = [ServerEvent("", '{"é": "🦊"}'.encode()), ServerEvent("x", b"two"), ServerEvent("", b"three")]


@given(st.lists(st.integers(0, len(STREAM)), max_size=8))
def test_the_events_do_not_depend_on_where_the_bytes_are_cut(places: list[int]) -> None:
    decoder = EventDecoder()
    cuts = [0, *sorted(places), len(STREAM)]
    pieces = [STREAM[start:end] for start, end in pairwise(cuts)]
    assert [event for piece in pieces for event in decoder.feed(piece)] == EVENTS


def test_the_end_of_the_stream_ends_the_last_line() -> None:
    decoder = EventDecoder()
    assert decoder.feed(b"data: one\ndata: two") == [ServerEvent("", b"one")]
    assert decoder.flush() == [ServerEvent("", b"two")]
    assert decoder.flush() == []


def test_an_error_line_counts_as_data() -> None:
    assert EventDecoder().feed(b'error: {"message": "x"}\n') == [ServerEvent("", b'{"message": "x"}')]


def test_a_line_without_end_is_refused_before_it_fills_the_memory() -> None:
    decoder = EventDecoder()
    with pytest.raises(LineTooLong):
        for _ in range(MAX_LINE_BYTES // 10_000 + 1):
            decoder.feed(b"x" * 10_000)


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
@given(places=st.lists(st.integers(0, 60), max_size=8))
def test_the_lines_of_one_event_are_joined(line_end: bytes, places: list[int]) -> None:
    stream = line_end.join(
        [b'data: {"a":', b"data: {}", b'data: , "b": 1}', b"", b"data: {}", b"data: {}", b""]
    )
    decoder = EventDecoder()
    pieces = [stream[start:end] for start, end in pairwise([0, *sorted(places), len(stream)])]
    events = [event.data for piece in pieces for event in decoder.feed(piece)] + [
        event.data for event in decoder.flush()
    ]
    assert events == [b'{"a":\n{}\n, "b": 1}', b"{}", b"{}"]
