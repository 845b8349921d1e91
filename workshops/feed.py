"""Live state: each web process loads a workshop once for all the pages that follow it there.

One task per workshop looks for a change when the project's relay announces one, and every second without:
where Valkey is down, pages are late by a second, no more. Views are rendered once per language, and every
page receives the same bytes; what belongs to one participant is in their page.
"""

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import TypeVar

import redis
from django.db import DatabaseError, close_old_connections
from django.utils.translation import override

from duels import valkey
from workshops.commands import stream_key
from workshops.room_state import Snapshot, fingerprint, load_snapshot

logger = logging.getLogger(__name__)

TICK_SECONDS = 1.0  # between two looks without an announcement
JOIN_SECONDS = 0.2
HEARTBEAT_SECONDS = 5.0
Channel = tuple[str, str]  # a view and a language
Render = Callable[[Snapshot, str], str]  # a view in the active language
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fragment:
    """The HTML of one view, and a tag that changes with it."""

    html: str
    tag: str


def make_fragment(html: str) -> Fragment:
    return Fragment(html, hashlib.sha256(html.encode()).hexdigest()[:16])


class Feed:
    """The fragments of one workshop, for the pages of this process that follow it."""

    def __init__(self, code: str, render: Render) -> None:
        self._code, self._render = code, render
        self._followers: Counter[Channel] = Counter()
        self._fragments: dict[Channel, Fragment] = {}
        self._fingerprint: tuple[object, ...] | None = None
        self._changed = asyncio.Event()
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.is_gone = False

    @property
    def is_idle(self) -> bool:
        return not self._followers.total()

    async def follow(self, view: str, language: str, tag: str) -> AsyncIterator[Fragment | None]:
        """Each new fragment of a view after that tag, None as a heartbeat; ends with the workshop."""
        channel = (view, language)
        self._followers[channel] += 1
        self._wake.set()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name=f"workshop {self._code}")
        try:
            while not self.is_gone:
                changed = self._changed
                fragment = self._fragments.get(channel)
                if fragment and fragment.tag != tag:
                    tag = fragment.tag
                    yield fragment
                    continue
                try:
                    async with asyncio.timeout(HEARTBEAT_SECONDS):
                        await changed.wait()
                except TimeoutError:
                    yield None
        finally:
            self._followers[channel] -= 1

    async def _run(self) -> None:
        position = "0"
        while not (self.is_idle or self.is_gone):
            try:
                await self._refresh()
            except DatabaseError as error:
                logger.warning("a workshop cannot be read: %s", type(error).__name__)
            position = await self._wait(position)

    async def _wait(self, position: str) -> str:
        """Until an announcement, a new follower, or the next tick; returns the position in the relay."""
        if self._wake.is_set():
            self._wake.clear()
            await asyncio.sleep(JOIN_SECONDS)  # those who join together are served together
            return position
        try:
            events = await valkey.multiplexer().wait(stream_key(self._code), position, TICK_SECONDS)
        except redis.RedisError:
            await asyncio.sleep(TICK_SECONDS)
            return position
        return events[-1].id if events else position

    async def _refresh(self) -> None:
        """Load the state where it has changed, and render the views that are followed."""
        channels = [channel for channel, followers in self._followers.items() if followers]
        now = await in_thread(lambda: fingerprint(self._code))
        if now == self._fingerprint and all(channel in self._fragments for channel in channels):
            return
        fragments = await in_thread(lambda: self._make(channels))
        self._fingerprint, self.is_gone = now, fragments is None
        if fragments != {channel: self._fragments.get(channel) for channel in channels}:
            self._fragments |= fragments or {}
            done, self._changed = self._changed, asyncio.Event()
            done.set()

    def _make(self, channels: list[Channel]) -> dict[Channel, Fragment] | None:
        """The state is loaded once per language: its sentences are in it. None once it is deleted."""
        fragments: dict[Channel, Fragment] = {}
        for language in {language for _view, language in channels}:
            with override(language):
                snapshot = load_snapshot(self._code)
                if snapshot is None:
                    return None
                for view, spoken in channels:
                    if spoken == language:
                        fragments[view, language] = make_fragment(self._render(snapshot, view))
        return fragments


_feeds: dict[str, Feed] = {}


def feed_of(code: str, render: Render) -> Feed:
    """The feed of a workshop in this process; those that nobody follows are dropped."""
    for other in [other for other, feed in _feeds.items() if feed.is_idle or feed.is_gone]:
        del _feeds[other]
    return _feeds.setdefault(code, Feed(code, render))


async def in_thread(work: Callable[[], T]) -> T:
    """The result of database work, in a thread that gives its connection back."""

    def run() -> T:
        try:
            return work()
        finally:
            close_old_connections()

    return await asyncio.to_thread(run)
