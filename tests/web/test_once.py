"""A value that is made once per process."""

import threading
import time

from web.once import once


def test_threads_that_start_at_once_share_one_value() -> None:
    made: list[object] = []
    ready = threading.Barrier(4)

    @once
    def value() -> object:
        made.append(object())
        time.sleep(0.02)  # long enough for the others to call it meanwhile
        return made[-1]

    def ask() -> None:
        ready.wait()
        found.append(value())

    found: list[object] = []
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(made) == 1
    assert found == made * 4
