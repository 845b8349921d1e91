"""Calls at any depth cost the same."""

from resource import RUSAGE_SELF, getrusage

CALLS = 500


def page_faults_of_calls(depth: int) -> int:
    if depth:
        return page_faults_of_calls(depth - 1)
    before = getrusage(RUSAGE_SELF).ru_minflt
    for _ in range(CALLS):
        identity(depth)
    return getrusage(RUSAGE_SELF).ru_minflt - before


def identity(depth: int) -> int:
    return depth


def test_at_no_depth_is_memory_mapped_for_each_call() -> None:
    assert max(page_faults_of_calls(depth) for depth in range(200)) < CALLS
