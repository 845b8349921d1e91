"""The ASGI application: static files, pages and streams."""

import asyncio
import gc
import os
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext, suppress
from contextvars import copy_context
from typing import IO, Any
from wsgiref.headers import Headers

import django
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries
from django.urls import reverse, set_script_prefix
from servestatic import ServeStaticASGI

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conso_duel.settings")


PAGE_THREADS = 40  # each makes its page alone; more than this at once wait their turn
# New duels taken in at once: when there is more to do than the machine can, who has not begun waits, and who
# reads does not. What holds them up for longer is not the work of others.
NEW_DUELS = 4
NEW_DUEL_WAITS_SECONDS = 10


class PageHandler(ASGIHandler):
    """Django's handler, with all of a page in one thread of a pool, from the request to its headers.

    Our views are sync: Django's own way to them makes a thread for each request, goes there and back for each
    middleware and for each signal, and keeps two tasks for every page; here only streams need them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(PAGE_THREADS, thread_name_prefix="page")
        self._new_duels = asyncio.Semaphore(NEW_DUELS)
        self._where_duels_begin = reverse("duels:duels")
        # They would act where the request begins and ends: _respond does it where a connection is used.
        for act in (close_old_connections, reset_queries):
            request_started.disconnect(act)
            request_finished.disconnect(act)

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError(f"{scope['type']} is not spoken here")
        await self.handle(scope, receive, send)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        begins_a_duel = scope["method"] == "POST" and scope["path"] == self._where_duels_begin
        loop = asyncio.get_running_loop()
        async with self._turn() if begins_a_duel else nullcontext():
            response = await loop.run_in_executor(
                self._threads, copy_context().run, self._respond, scope, body
            )
        if response.streaming:
            await self._stream(response, receive, send)
        else:
            await self.send_response(response, send)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """The turn of one new duel among those that wait, or the end of its patience."""
        async with AsyncExitStack() as held:
            with suppress(TimeoutError):
                async with asyncio.timeout(NEW_DUEL_WAITS_SECONDS):
                    await held.enter_async_context(self._new_duels)
            yield

    def _respond(self, scope: Any, body: IO[bytes]) -> Any:
        """The response; its connection to the database is given back, even where it goes on as a stream."""
        reset_queries()
        request_started.send(sender=self.__class__, scope=scope)
        set_script_prefix(get_script_prefix(scope))
        try:
            with body:
                request, refusal = self.create_request(scope, body)
                response: Any = self.get_response(request) if request else refusal
                response._handler_class = self.__class__
            if not response.streaming:
                response.close()
            return response
        finally:
            close_old_connections()

    async def _stream(self, response: Any, receive: Any, send: Any) -> None:
        """Sends a stream until it ends or its reader has gone."""
        sending = asyncio.create_task(self.send_response(response, send))
        listening = asyncio.create_task(self.listen_for_disconnect(receive))
        try:
            await asyncio.wait((sending, listening), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sending.cancel()
            listening.cancel()
            await asyncio.gather(sending, listening, return_exceptions=True)
            response.close()
        if not sending.cancelled():
            sending.result()


def with_static_files(pages: ASGIHandler) -> ServeStaticASGI:
    """Static files are answered before Django hears of the request; hashed names never change."""
    from django.conf import settings

    return ServeStaticASGI(
        pages, root=settings.STATIC_ROOT, prefix=settings.STATIC_URL, add_headers_function=forbid_guessing
    )


def forbid_guessing(headers: Headers, path: str, url: str) -> None:
    """A file is what its type says; for pages, Django's middleware says so."""
    headers["X-Content-Type-Options"] = "nosniff"


django.setup(set_prefix=False)
application = with_static_files(PageHandler())
gc.freeze()  # what stands now stands until the end: not to be walked through again and again
