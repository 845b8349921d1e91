"""A finished duel, its recording, and a pack of it. This file is read before Django is ready."""

from typing import Any

import pytest

PACE = [[400, 10], [900, 38]]


@pytest.fixture
def duel(db: None) -> Any:
    from duels.models import Answer
    from duels.queries import load_answers
    from tests import cast

    duel = cast.make_duel(cast.petit_3b(), cast.grand_70b())
    Answer.objects.filter(turn__duel=duel, side="a").update(pace=PACE, reasoning="Voyons.")
    cast.vote(duel)
    return load_answers(duel)


@pytest.fixture
def recorded(duel: Any) -> Any:
    from recordings.recorder import record_duel

    return record_duel(duel)


@pytest.fixture
def pack(recorded: Any) -> Any:
    from recordings.recorder import make_pack

    return make_pack([recorded], "Le ciel", "Une classe")
