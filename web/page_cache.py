"""The one cache of rendered pages and fragments: in this process, without what differs from reader to reader.

A template is rendered once per key with placeholders in its slots (the token of a form, the code of a duel);
each reader's values are filled in, escaped. It saves a third of what the pages of a duel cost
(docs/performance.md). With DEBUG nothing is cached: an edited template is seen at once.
"""

import re
import secrets
import sys
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from itertools import count
from threading import Lock
from typing import Any, Self

from django.conf import settings
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

MAX_BYTES = 32 * 2**20  # of text, pages and fragments together; the leaderboard of 150 models takes 0.4 MB
PLACEHOLDER = f"slot-{secrets.token_hex(8)}"  # unguessable; also valid in an address, as a slug

Key = tuple[Hashable, ...]
Slots = Mapping[str, str]


def cached_page(
    request: HttpRequest,
    template_name: str,
    key: Key,
    context: Callable[[], Mapping[str, Any]],
    slots: Slots,
) -> HttpResponse:
    """A page, from the cache if it was rendered before for this key, language and host.

    key: all that the context follows from. slots: this reader's values, csrf_token among them; the template
    writes each as it is, without a filter, or in an address. The answer to a POST is never cached.
    """
    if request.method == "POST" or settings.DEBUG:
        return render(request, template_name, {**context(), **slots})

    def rendered() -> str:
        return render_to_string(template_name, {**context(), **placeholders(slots)}, request)

    whole_key = (template_name, get_language(), request.scheme, request.get_host(), key)
    return HttpResponse(_templates.get_or_render(whole_key, rendered).fill(slots))


def cached_fragment(
    template_name: str, key: Key, context: Mapping[str, Any], slots: Slots | None = None
) -> SafeString:
    """A part of a page, from the cache if it was rendered before for this key and language.

    key: all that the context follows from. slots: as for cached_page. The template has no request, so that
    nothing of one reader reaches the next.
    """
    slots, language = slots or {}, get_language()
    context = {"LANGUAGE_CODE": language, **context}
    if settings.DEBUG:
        return SafeString(render_to_string(template_name, {**context, **slots}))

    def rendered() -> str:
        return render_to_string(template_name, {**context, **placeholders(slots)})

    return _templates.get_or_render((template_name, language, tuple(slots), key), rendered).fill(slots)


def clear() -> None:
    """Empty the cache of this process."""
    _templates.clear()


def placeholders(names: Iterable[str]) -> dict[str, str]:
    """The placeholder that is rendered in each of these slots."""
    return {name: f"{PLACEHOLDER}-{name}-" for name in names}


@dataclass(frozen=True, slots=True)
class TemplateWithSlots:
    """A rendered text up to its first slot, then the name of each slot with the text behind it."""

    head: str
    rest: tuple[tuple[str, str], ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """From a text with placeholders."""
        head, *rest = re.split(rf"{PLACEHOLDER}-(\w+)-", text)
        return cls(head, tuple(zip(rest[::2], rest[1::2], strict=True)))

    def fill(self, slots: Slots) -> SafeString:
        """The text with these values, escaped unless they are SafeStrings."""
        escaped = {name: conditional_escape(value) for name, value in slots.items()}
        parts = [part for name, text in self.rest for part in (escaped[name], text)]
        return SafeString("".join([self.head, *parts]))

    @property
    def size_bytes(self) -> int:
        return sum(sys.getsizeof(text) for text in (self.head, *(text for _, text in self.rest)))


@dataclass(slots=True)
class _Entry:
    template: TemplateWithSlots
    size_bytes: int
    last_use: int


class TemplateCache:
    """The rendered templates used last, as many as fit in max_bytes; for many threads."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._entries: dict[Key, _Entry] = {}
        self._total_bytes = 0
        self._uses = count()
        self._lock = Lock()

    def get_or_render(self, key: Key, rendered: Callable[[], str]) -> TemplateWithSlots:
        """The template of this key. Raises TypeError when the key holds a row of the database."""
        entry = self._entries.get(key)
        if entry is None:
            _refuse_rows(key)
            template = TemplateWithSlots.parse(rendered())
            entry = _Entry(template, template.size_bytes, 0)
            with self._lock:
                self._add(key, entry)
        entry.last_use = next(self._uses)
        return entry.template

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
            self._total_bytes = 0

    def _add(self, key: Key, entry: _Entry) -> None:
        if entry.size_bytes > self._max_bytes:
            return
        if replaced := self._entries.pop(key, None):  # two threads have rendered it at once
            self._total_bytes -= replaced.size_bytes
        if self._total_bytes + entry.size_bytes > self._max_bytes:
            self._evict(self._max_bytes - max(entry.size_bytes, self._max_bytes // 2))
        self._entries[key] = entry
        self._total_bytes += entry.size_bytes

    def _evict(self, down_to_bytes: int) -> None:
        """Drop the entries used longest ago; half of them at a time, so that they are sorted seldom."""
        by_last_use = sorted(self._entries.items(), key=lambda item: item[1].last_use)
        for key, entry in by_last_use:
            if self._total_bytes <= down_to_bytes:
                break
            del self._entries[key]
            self._total_bytes -= entry.size_bytes


_templates = TemplateCache(MAX_BYTES)


def _refuse_rows(key: object) -> None:
    """Two rows are equal when their primary keys are: a changed one would find its former text."""
    if isinstance(key, Model):
        raise TypeError(f"the key of a cached page holds a {type(key).__name__}: name its values instead")
    for part in _compared_parts(key):
        _refuse_rows(part)


def _compared_parts(key: object) -> Iterator[object]:
    """The values that decide whether a key is equal: a tuple's items, a dataclass's compared fields."""
    if isinstance(key, tuple | frozenset):
        yield from key
    elif is_dataclass(key) and not isinstance(key, type):
        yield from (getattr(key, field.name) for field in fields(key) if field.compare)
