"""Django's ASGI handler with each whole page in one thread.

What it buys: a fifth of what a duel costs. Our views are sync, and for each of them Django's own handler goes
to a thread and back at every middleware and signal, and keeps two tasks (docs/performance.md).

What it leans on, none of it documented by Django: ASGIHandler.handle, read_body, create_request,
send_response, listen_for_disconnect and load_middleware, BaseHandler.get_response, and the two functions of
django.db that are connected to the signals of requests. tests/conso_duel/test_page_handler.py holds it to
what an ASGI application must do. The way back: get_asgi_application() of Django in conso_duel/asgi.py.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import IO, Any
from weakref import WeakValueDictionary

from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries
from django.urls import set_script_prefix

from web.client_address import household


class PageHandler(ASGIHandler):
    """Answers each request in one thread of a pool, and sends streams from the event loop.

    threads: how many requests are answered at once; the others wait in a queue.
    threads_per_household: how many of those for one address, so that nobody waits behind all of its requests.
    """

    def __init__(self, threads: int, threads_per_household: int) -> None:
        super().__init__()
        self._threads_per_household = threads_per_household
        self._places = WeakValueDictionary[str, asyncio.Semaphore]()  # while one of their requests is here
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="page")
        # The signal that a request has ended may be sent from the event loop, which has no connection of the
        # page's thread: _respond calls both where the connection was used.
        for receiver in (close_old_connections, reset_queries):
            request_started.disconnect(receiver)
            request_finished.disconnect(receiver)

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError(f"only HTTP is served here, not {scope['type']}")
        await self.handle(scope, receive, send)

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        """Receive the whole body, respond in a thread, send the response."""
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        loop, context = asyncio.get_running_loop(), copy_context()
        async with self._places_of(household(scope)):
            response = await loop.run_in_executor(self._threads, context.run, self._respond, scope, body)
        if response.streaming:
            await self._stream(response, receive, send)
        else:
            await self.send_response(response, send)

    def _places_of(self, address: str) -> asyncio.Semaphore:
        places = self._places.get(address) or asyncio.Semaphore(self._threads_per_household)
        self._places[address] = places
        return places

    def _respond(self, scope: Any, body: IO[bytes]) -> Any:
        """The response; this thread's connection to the database is closed, also when it is a stream.

        A response that is no stream is closed here, before it is sent: its content is in memory.
        """
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
        """Send a stream until it ends or the client disconnects; then close it."""
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
