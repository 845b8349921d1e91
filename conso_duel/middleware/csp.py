"""The Content-Security-Policy of every response: what the browser may load and run.

It is the same for all, so it is written once: django-csp, which writes it anew, takes 326 calls for each.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

DEVELOPERS_PAGES = (HTTPStatus.NOT_FOUND, HTTPStatus.INTERNAL_SERVER_ERROR)  # with DEBUG; they hold styles


class ContentSecurityPolicyMiddleware:
    """Adds the header."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        directives = settings.CONTENT_SECURITY_POLICY.items()
        self._policy = "; ".join(f"{name} {sources}" for name, sources in directives)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        if not (settings.DEBUG and response.status_code in DEVELOPERS_PAGES):
            response["Content-Security-Policy"] = self._policy
        return response
