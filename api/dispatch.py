"""The one view of the programming interface: limits, caches and other origins, around what answers.

What answers is loaded with the first request: a web process that serves pages alone starts without it.
"""

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.http import ConditionalGetMiddleware
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt

from api import address_limit
from api.problems import Kind, Problem, problem_response

READING = ("GET", "HEAD")
METHODS = ", ".join((*READING, "OPTIONS"))
FRESH_SECONDS = 60
EXPOSED = ("ETag", "Link", "Content-Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID")
EVERY_RESPONSE: Mapping[str, str] = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ", ".join(EXPOSED),
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Content-Language": "en",
}


@csrf_exempt
def v1(request: HttpRequest, rest: str = "") -> HttpResponseBase:
    """Answer a request of any origin. rest: the address behind /api/v1/."""
    response = _preflight() if request.method == "OPTIONS" else _limited(request, rest)
    for name, value in EVERY_RESPONSE.items():
        response.setdefault(name, value)
    return response


def _preflight() -> HttpResponse:
    response = HttpResponse(status=HTTPStatus.NO_CONTENT)
    response["Allow"] = response["Access-Control-Allow-Methods"] = METHODS
    response["Access-Control-Allow-Headers"] = "Accept, If-None-Match"
    response["Access-Control-Max-Age"] = "86400"
    return response


def _limited(request: HttpRequest, rest: str) -> HttpResponseBase:
    response: HttpResponseBase
    exceeded, allowances = address_limit.charge(request)
    if exceeded:
        detail = f"Come back in {exceeded.wait_seconds} s."
        response = problem_response(request, Problem(Kind.LIMIT, detail))
        response["Retry-After"] = str(exceeded.wait_seconds)
    elif request.method in READING:
        response = _read(request, rest)
    else:
        detail = f"{request.method} is not allowed: everything is read by GET."
        response = problem_response(request, Problem(Kind.METHOD, detail))
        response["Allow"] = METHODS
    address_limit.add_headers(response, allowances)
    return response


def _read(request: HttpRequest, rest: str) -> HttpResponseBase:
    """The answer to a GET, with its ETag; the server leaves the body of the answer to a HEAD out."""
    asked_by, request.method = request.method, "GET"
    try:
        answer = _answer(request, rest)
        return ConditionalGetMiddleware(lambda request: answer).process_response(request, answer)
    finally:
        request.method = asked_by


def _answer(request: HttpRequest, rest: str) -> HttpResponse:
    try:
        match = resolve(f"/{rest.rstrip('/')}", urlconf="api.endpoints.routes")
    except Resolver404:
        return problem_response(request, Problem(Kind.NOT_FOUND, "There is nothing at this address."))
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    response.setdefault("Cache-Control", f"public, max-age={FRESH_SECONDS}")
    return response
