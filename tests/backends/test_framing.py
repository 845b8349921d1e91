"""What belongs to the body of a response, and whether it is whole, wherever the network has cut it."""

import http.client
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.framing import ChunkedBody, SizedBody


@given(st.lists(st.binary(min_size=1, max_size=50)), st.lists(st.integers(0, 3_000), max_size=8))
def test_the_content_does_not_depend_on_where_the_frames_are_cut(
    frames: list[bytes], places: list[int]
) -> None:
    framed = b"".join(b"%x;ext=1\r\n%s\r\n" % (len(frame), frame) for frame in frames)
    framed += b"0\r\nTrailer: x\r\n\r\n"
    body = ChunkedBody()
    cuts = [0, *sorted(places), len(framed)]
    assert b"".join(body.feed(framed[start:end]) for start, end in pairwise(cuts)) == b"".join(frames)
    assert body.complete
    assert not body.has_unread


@pytest.mark.parametrize("data", [b"xyz\r\n", b"-5\r\nabc", b"1" * 2_000])
def test_wrong_framing_is_refused(data: bytes) -> None:
    with pytest.raises(http.client.HTTPException):
        ChunkedBody().feed(data)


def test_bytes_behind_the_end_are_noticed() -> None:
    body = ChunkedBody()
    assert body.feed(b"1\r\na\r\n0\r\n\r\nHTTP/1.1 200") == b"a"
    assert body.has_unread


@given(st.binary(max_size=50), st.binary(max_size=5), st.integers(1, 60))
def test_a_body_of_known_size_ends_there(content: bytes, behind: bytes, cut: int) -> None:
    body = SizedBody(len(content))
    received = content + behind
    read = b"" if body.complete else b"".join(map(body.feed, filter(None, (received[:cut], received[cut:]))))
    assert read == content
    assert body.complete


def test_bytes_behind_a_known_size_are_noticed() -> None:
    body = SizedBody(2)
    assert body.feed(b"abHTTP/1.1 200") == b"ab"
    assert body.has_unread


def test_a_body_of_unknown_size_is_whole_only_with_the_connection() -> None:
    body = SizedBody(None)
    assert body.feed(b"Oui") == b"Oui"
    assert not body.complete
