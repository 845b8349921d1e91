"""The ASGI application: static files, pages and streams."""

import gc
import os
from typing import Any
from wsgiref.headers import Headers

import django
from django.conf import settings
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.urls import reverse
from servestatic import ServeStaticASGI

from conso_duel.middleware.concurrency_limit import ConcurrencyLimit
from conso_duel.page_handler import PageHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conso_duel.settings")


def with_static_files(pages: Any) -> Any:
    """Serves static files before Django sees the request; their hashed names never change.

    With DEBUG they come from the sources, so that an edited script or style shows without collectstatic.
    """
    if settings.DEBUG:
        return ASGIStaticFilesHandler(pages)
    return ServeStaticASGI(
        pages, root=settings.STATIC_ROOT, prefix=settings.STATIC_URL, add_headers_function=forbid_sniffing
    )


def forbid_sniffing(headers: Headers, path: str, url: str) -> None:
    """The header that Django's SecurityMiddleware gives to pages."""
    headers["X-Content-Type-Options"] = "nosniff"


def limit_new_duels(pages: Any) -> ConcurrencyLimit:
    return ConcurrencyLimit(
        pages,
        path=reverse("duels:duels"),
        limit=settings.NEW_DUELS_AT_ONCE,
        max_wait_seconds=settings.NEW_DUEL_MAX_WAIT_SECONDS,
    )


django.setup(set_prefix=False)
pages = PageHandler(settings.PAGE_THREADS, settings.PAGE_THREADS_PER_HOUSEHOLD)
application = with_static_files(limit_new_duels(pages))
gc.freeze()  # the garbage collector need not walk again and again through what stays until the end
