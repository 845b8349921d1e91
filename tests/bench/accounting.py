"""CPU and memory of processes and of their children."""

from collections.abc import Mapping
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Taken:
    """CPU-seconds since the start, resident memory now."""

    cpu_seconds: float
    memory_mb: float


def taken(pid: int) -> Taken:
    """Of a process and its children, those that have ended included."""
    root = psutil.Process(pid)
    family = [root, *root.children(recursive=True)]
    cpu = memory = 0.0
    for process in family:
        try:
            times, size = process.cpu_times(), process.memory_info().rss
        except psutil.NoSuchProcess:  # a database connection that has just ended
            continue
        cpu += times.user + times.system + times.children_user + times.children_system
        memory += size / 1e6
    return Taken(cpu, memory)


def all_taken(pids: Mapping[str, int]) -> dict[str, Taken]:
    return {name: taken(pid) for name, pid in pids.items()}


def cpu_between(before: Mapping[str, Taken], after: Mapping[str, Taken]) -> dict[str, float]:
    """CPU-seconds by process."""
    return {name: after[name].cpu_seconds - before[name].cpu_seconds for name in before}
