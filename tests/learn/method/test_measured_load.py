"""The measured examples of the lessons are those of the table."""

from learn.method.measured_load import load_example, long_answers


def test_a_token_takes_less_when_many_are_served_together() -> None:
    found = load_example()
    assert (found.few, found.joules_few) == ("8", "0,39")
    assert (found.many, found.joules_many) == ("2\xa0048", "0,047")


def test_long_answers_take_more_than_their_length() -> None:
    found = long_answers()
    assert (found.length_low, found.length_high) == ("11", "13")
    assert int(found.energy_low) > int(found.length_high)
