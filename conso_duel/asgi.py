"""The ASGI application: static files, pages and streams."""

import os
from wsgiref.headers import Headers

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from servestatic import ServeStaticASGI

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conso_duel.settings")


class OneThreadHandler(ASGIHandler):
    """Django's handler, with all of a page in one thread.

    Our views are sync: Django's own way to them goes to a thread and back for each middleware.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response)(request)


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
application = with_static_files(OneThreadHandler())
