"""The event loop of a worker process, and the threads beside it."""

import asyncio
import logging
import threading
import time

import pytest
from django.db import DatabaseError, connection

from duels.worker import runtime as runtime_module
from duels.worker.runtime import WorkerRuntime
from tests.waiting import until


def test_coroutines_of_all_threads_run_on_one_loop(worker: WorkerRuntime) -> None:
    async def loop_and_thread() -> tuple[int, str]:
        return id(asyncio.get_running_loop()), threading.current_thread().name

    found: list[tuple[int, str]] = []
    threads = [threading.Thread(target=lambda: found.append(worker.run(loop_and_thread()))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(found) == 3
    assert set(found) == {(found[0][0], "event-loop")}


def test_an_error_of_a_coroutine_reaches_the_thread_that_waits(worker: WorkerRuntime) -> None:
    async def breaks() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        worker.run(breaks())


@pytest.mark.django_db(transaction=True)
def test_database_work_gives_its_connection_back_and_holds_up_nothing(worker: WorkerRuntime) -> None:
    released = threading.Event()
    used: list[object] = []

    def work() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        used.append(connection.connection)
        assert released.wait(10)
        return threading.current_thread().name

    async def run() -> str:
        working = asyncio.create_task(worker.in_thread(work))
        await until(lambda: bool(used))
        released.set()  # the loop goes on while the thread works
        return await working

    assert worker.run(run()).startswith("database")
    assert used[0] is not None

    def is_open() -> bool:
        return connection.connection is not None

    async def all_threads() -> list[bool]:
        return await asyncio.gather(*(worker.in_thread(is_open) for _ in range(20)))

    assert not any(worker.run(all_threads()))


def test_heartbeats_go_on_after_a_database_that_is_down(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    valkey_server: str,
    settings: object,
) -> None:
    sent = threading.Semaphore(0)

    def touch(answer_ids: list[int]) -> None:
        assert answer_ids == [7]
        sent.release()
        raise DatabaseError

    monkeypatch.setattr(runtime_module, "touch_heartbeat", touch)
    settings.STALE_AFTER_SECONDS = 0.06  # type: ignore[attr-defined]

    async def stream(worker: WorkerRuntime) -> None:
        async with worker.cancellations.track(7, "duel:un:1", time.monotonic()):
            await asyncio.to_thread(lambda: [sent.acquire(timeout=5) for _ in range(3)])

    with caplog.at_level(logging.WARNING), WorkerRuntime() as worker:
        worker.run(stream(worker))
    assert "heartbeats cannot be stored" in caplog.text


def test_a_closed_runtime_may_be_closed_again(valkey_server: str) -> None:
    worker = WorkerRuntime()
    worker.close()
    worker.close()
