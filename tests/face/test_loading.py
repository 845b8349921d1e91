"""What a first visit loads: little, from nowhere else, without an error and without a jump."""

import pytest

from tests.face.visit import Visit

pytestmark = pytest.mark.django_db

LARGEST_SHIFT = 0.02
HEAVIEST_BYTES = 100_000


def test_nothing_goes_wrong_and_nothing_comes_from_elsewhere(visit: Visit) -> None:
    assert visit.faults == []
    assert visit.other_hosts == set()


def test_nothing_jumps_while_a_page_loads(visit: Visit) -> None:
    assert {width: shift for width, shift in visit.shifts.items() if shift > LARGEST_SHIFT} == {}


def test_the_heaviest_page_is_light(visit: Visit) -> None:
    assert 0 < visit.bytes <= HEAVIEST_BYTES
