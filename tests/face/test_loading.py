"""The files of a first visit: few, from nowhere else, without an error and without a jump."""

import pytest

from tests.face.visit import Visit

pytestmark = pytest.mark.django_db

LARGEST_SHIFT = 0.02
HEAVIEST_BYTES = 100_000
MOST_REQUESTS, MOST_BYTES = 12, 60_000  # of a page that everybody meets


def test_a_page_comes_whole_and_from_nowhere_else(visit: Visit) -> None:
    assert visit.status == visit.kind.status
    assert visit.faults == []
    assert visit.other_hosts == set()


def test_nothing_jumps_while_a_page_loads(visit: Visit) -> None:
    assert {width: shift for width, shift in visit.shifts.items() if shift > LARGEST_SHIFT} == {}


def test_a_page_is_light(visit: Visit) -> None:
    assert 0 < visit.bytes <= HEAVIEST_BYTES
    if (visit.kind.path == "/" or visit.kind.duel) and not visit.kind.act:
        assert visit.requests <= MOST_REQUESTS, visit.loaded
        assert visit.bytes <= MOST_BYTES
