"""The ASGI application: static files, pages and streams."""

import asyncio
import gc
import os
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any
from wsgiref.headers import Headers

import django
from django.core.handlers.asgi import ASGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, reset_queries
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from servestatic import ServeStaticASGI

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conso_duel.settings")


PAGE_THREADS = 40  # each makes its page alone; more than this at once wait their turn


class PageHandler(ASGIHandler):
    """Django's handler, with all of a page in one thread of a pool.

    Our views are sync: Django's own way to them makes a thread for each request, and goes there and back for
    each middleware.
    """

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(PAGE_THREADS, thread_name_prefix="page")
        # They would act in a thread that has no connection to the database: _respond does it where it is due.
        for act in (close_old_connections, reset_queries):
            request_started.disconnect(act)
            request_finished.disconnect(act)

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            raise ValueError(f"{scope['type']} is not spoken here")
        await self.handle(scope, receive, send)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, copy_context().run, self._respond, request)

    def _respond(self, request: HttpRequest) -> HttpResponseBase:
        """The response; its connection to the database is given back, even where it goes on as a stream."""
        reset_queries()
        try:
            return self.get_response(request)
        finally:
            close_old_connections()


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
