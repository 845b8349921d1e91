"""Processor time of the processes of this computer, as Linux tells it in /proc."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
LISTENING = "0A"  # state of a socket in /proc/net/tcp
IDLE_COLUMNS = (3, 4)  # of /proc/stat: idle and iowait
BUSY_COLUMNS = 8  # user, nice, system, idle, iowait, irq, softirq, steal; guests are in user already


def listening_process(port: int, proc: Path = PROC) -> int | None:
    """The process that listens on this TCP port; None where it cannot be seen: another user's, no Linux."""
    sockets = {f"socket:[{inode}]" for inode in _listening_inodes(port, proc)}
    if not sockets:
        return None
    return next((pid for pid, name in _open_files(proc) if name in sockets), None)


def _listening_inodes(port: int, proc: Path) -> Iterator[str]:
    for table in ("tcp", "tcp6"):
        try:
            lines = (proc / "net" / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for columns in map(str.split, lines):
            if columns[3] == LISTENING and int(columns[1].rpartition(":")[2], 16) == port:
                yield columns[9]


def _open_files(proc: Path) -> Iterator[tuple[int, str]]:
    """Each process that this user may look into, with the name of each file it holds open."""
    for process in _entries(proc):
        if not process.name.isdecimal():
            continue
        for file in _entries(process / "fd"):
            with suppress(OSError):  # closed meanwhile
                yield int(process.name), str(file.readlink())


def _entries(folder: Path) -> list[Path]:
    """The entries of a folder; none where it is gone or another user's."""
    try:
        return list(folder.iterdir())
    except OSError:
        return []


def processor_seconds(pid: int, proc: Path = PROC) -> float | None:
    """Seconds that a process and its children have computed, on all cores; None when it has ended."""
    ticks = _ticks(pid, proc)
    if ticks is None:
        return None
    children = (_ticks(child, proc) or 0 for child in _descendants(pid, proc))
    return (ticks + sum(children)) / TICKS_PER_SECOND


def _ticks(pid: int, proc: Path) -> int | None:
    """Its own ticks, and those of the children it has waited for."""
    try:
        stat = (proc / str(pid) / "stat").read_text()
    except OSError:
        return None
    # utime, stime, cutime and cstime; the name before them may hold spaces and parentheses.
    return sum(map(int, stat.rpartition(")")[2].split()[11:15]))


def _descendants(pid: int, proc: Path) -> Iterator[int]:
    try:
        listed = (proc / str(pid) / "task" / str(pid) / "children").read_text()
    except OSError:
        return
    for child in map(int, listed.split()):
        yield child
        yield from _descendants(child, proc)


def family(pid: int, proc: Path = PROC) -> frozenset[int]:
    """A process and its children: some servers compute in one of them."""
    return frozenset((pid, *_descendants(pid, proc)))


def machine_busy_seconds(proc: Path = PROC) -> float | None:
    """Seconds that all cores of the machine have computed since it started; None where nothing tells it."""
    try:
        columns = [int(ticks) for ticks in (proc / "stat").read_text().split("\n", 1)[0].split()[1:]]
    except (OSError, ValueError):
        return None
    busy = sum(ticks for rank, ticks in enumerate(columns[:BUSY_COLUMNS]) if rank not in IDLE_COLUMNS)
    return busy / TICKS_PER_SECOND
