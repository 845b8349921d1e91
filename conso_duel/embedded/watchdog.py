"""Ends the process groups of a run that was killed: reads them from its input, ends them when that closes.

Run as a file, with nothing but the standard library, so that it costs little and starts at once.
A line `+123` guards the group 123, a line `-123` lets it go. When the starter dies, however it dies, the
system closes the pipe: that is the sign.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable

STOP_TIMEOUT_SECONDS = 5.0


def guarded_groups(lines: Iterable[str]) -> set[int]:
    """The groups still guarded when the lines end."""
    groups: set[int] = set()
    for line in lines:
        sign, group = line[0], int(line[1:])
        groups = groups | {group} if sign == "+" else groups - {group}
    return groups


def send(groups: Iterable[int], number: signal.Signals) -> None:
    """Send a signal to the groups that still exist."""
    for group in groups:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(group, number)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups = guarded_groups(sys.stdin)
    if groups:
        send(groups, signal.SIGTERM)
        time.sleep(STOP_TIMEOUT_SECONDS)
        send(groups, signal.SIGKILL)


if __name__ == "__main__":
    main()
