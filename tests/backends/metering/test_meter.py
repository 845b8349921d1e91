"""The time and the energy of one computer, shared among the answers that it writes at once."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from backends.metering import ComputerMeter
from backends.metering.counters import Card
from backends.metering.meter import Counters, Reading

START = Counters(
    moment=0,
    busy_seconds=100,
    processor_j=50,
    cards={},
    by_process={1: 10, 2: 20},
    families={1: frozenset({1, 11}), 2: frozenset({2})},
)


class Machine:
    """Counters that a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self, pids: set[int], with_cards: bool) -> Counters:
        seen = {pid: seconds for pid, seconds in self.now.by_process.items() if pid in pids}
        return replace(self.now, by_process=seen, cards=self.now.cards if with_cards else {})

    def work(
        self, seconds: float, computed: dict[int, float], joules: float = 0, busy: float | None = None
    ) -> None:
        """Let time pass: processor seconds of each server, and of the whole machine."""
        by_process = {pid: total + computed.get(pid, 0) for pid, total in self.now.by_process.items()}
        grown = sum(computed.values()) if busy is None else busy
        self.now = Counters(
            self.now.moment + seconds,
            (self.now.busy_seconds or 0) + grown,
            None if self.now.processor_j is None else self.now.processor_j + joules,
            {rank: replace(card, joules=card.joules + joules) for rank, card in self.now.cards.items()},
            by_process,
            self.now.families,
        )


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def meter(machine: Machine) -> ComputerMeter:
    return ComputerMeter(machine)


def metered(meter: ComputerMeter, *readings: Reading, work: Callable[[], None]) -> None:
    """All of them over the same work."""
    if not readings:
        return work()
    with meter.running(readings[0]):
        metered(meter, *readings[1:], work=work)


def test_an_answer_alone_takes_the_processor_time_of_its_server(
    machine: Machine, meter: ComputerMeter
) -> None:
    alone = Reading(on_card=False, pid=1)
    metered(meter, alone, work=lambda: machine.work(4, {1: 3}, joules=60))
    assert (alone.elapsed_seconds, alone.processor_seconds, alone.work_seconds) == (4, 3, 3)
    assert alone.energy_j == 60


def test_what_came_before_the_first_token_was_reading(machine: Machine, meter: ComputerMeter) -> None:
    reading = Reading(on_card=False, pid=1)

    def reads_then_writes() -> None:
        machine.work(1, {1: 0.5})
        meter.mark_first_token(reading)
        machine.work(2, {1: 2})
        meter.mark_first_token(reading)

    metered(meter, reading, work=reads_then_writes)
    assert (reading.prompt_seconds, reading.work_seconds) == (0.5, 2.5)


def test_a_server_on_eight_cores_works_no_longer_than_the_time_that_passes(
    machine: Machine, meter: ComputerMeter
) -> None:
    wide = Reading(on_card=False, pid=1)
    metered(meter, wide, work=lambda: machine.work(2, {1: 16}))
    assert (wide.processor_seconds, wide.work_seconds) == (16, 2)


def test_two_models_at_once_share_the_computer_by_processor_time(
    machine: Machine, meter: ComputerMeter
) -> None:
    first, second = Reading(on_card=False, pid=1), Reading(on_card=False, pid=2)
    metered(meter, first, second, work=lambda: machine.work(2, {1: 2, 2: 1}, joules=30))
    assert (first.work_seconds, second.work_seconds) == (pytest.approx(4 / 3), pytest.approx(2 / 3))
    assert (first.energy_j, second.energy_j) == (pytest.approx(20), pytest.approx(10))


def test_two_answers_of_one_server_share_its_processor_time(machine: Machine, meter: ComputerMeter) -> None:
    first, second = Reading(on_card=False, pid=1), Reading(on_card=False, pid=1)

    def one_after_the_other() -> None:
        machine.work(2, {1: 2})
        with meter.running(second):
            machine.work(2, {1: 2})

    metered(meter, first, work=one_after_the_other)
    assert (first.processor_seconds, second.processor_seconds) == (3, 1)


def test_what_other_programs_compute_is_not_the_answers(machine: Machine, meter: ComputerMeter) -> None:
    reading = Reading(on_card=False, pid=1)
    metered(meter, reading, work=lambda: machine.work(2, {1: 1}, joules=40, busy=4))
    assert reading.energy_j == pytest.approx(10)


def test_without_the_process_the_time_is_shared_by_the_answers(
    machine: Machine, meter: ComputerMeter
) -> None:
    first, second = Reading(on_card=False), Reading(on_card=False)
    machine.now = replace(START, processor_j=None)
    metered(meter, first, second, work=lambda: machine.work(3, {}))
    assert (first.elapsed_seconds, first.shared_seconds, first.work_seconds) == (3, 1.5, None)
    assert first.energy_j is None


def test_a_card_is_shared_with_those_on_the_card_alone(machine: Machine, meter: ComputerMeter) -> None:
    machine.now = replace(START, cards={0: Card(1_000, frozenset())})
    on_card, on_processor = Reading(on_card=True), Reading(on_card=False, pid=1)
    metered(meter, on_card, on_processor, work=lambda: machine.work(2, {1: 1}, joules=300))
    assert (on_card.shared_seconds, on_card.energy_j) == (2, 300)
    assert on_card.work_seconds is None


def with_cards(*pids: int) -> Counters:
    """A machine with one card for each process that computes on one."""
    return replace(START, cards={rank: Card(1_000, frozenset({pid})) for rank, pid in enumerate(pids)})


def test_only_the_cards_that_the_server_computes_on_are_counted(
    machine: Machine, meter: ComputerMeter
) -> None:
    machine.now = with_cards(11, 99, 11)  # a child of its server, and another program
    reading = Reading(on_card=True, pid=1)
    metered(meter, reading, work=lambda: machine.work(2, {}, joules=300))
    assert (reading.energy_j, reading.shared_seconds, reading.processor_seconds) == (600, 2, None)


def test_each_of_two_servers_has_its_card_and_two_answers_share_one(
    machine: Machine, meter: ComputerMeter
) -> None:
    machine.now = with_cards(11, 2)
    first, second, third = (Reading(on_card=True, pid=pid) for pid in (1, 2, 2))
    metered(meter, first, second, third, work=lambda: machine.work(2, {}, joules=300))
    assert [reading.energy_j for reading in (first, second, third)] == [300, 150, 150]
    assert [reading.shared_seconds for reading in (first, second, third)] == [2, 1, 1]


def test_of_several_cards_none_is_counted_where_its_process_is_not_seen(
    machine: Machine, meter: ComputerMeter
) -> None:
    machine.now = with_cards(98, 99)
    reading = Reading(on_card=True, pid=1)

    def loads_then_writes() -> None:
        machine.work(1, {}, joules=100)
        with meter.running(Reading(on_card=False)):  # both are settled
            machine.now = replace(
                machine.now, cards={0: Card(1_100, frozenset({1})), 1: machine.now.cards[1]}
            )
            machine.work(1, {}, joules=100)

    metered(meter, reading, work=loads_then_writes)
    assert (reading.energy_j, reading.elapsed_seconds, reading.lost_seconds) == (None, 2, 1)


def test_nothing_is_metered_for_an_answer_from_elsewhere(meter: ComputerMeter) -> None:
    with meter.running(None):
        pass
    elsewhere = meter.prepare("http://host.docker.internal:11434/v1", on_card=False)
    assert (elsewhere.pid, elsewhere.elapsed_seconds) == (None, 0)
