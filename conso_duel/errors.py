"""The page of a request that cannot be read."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's own would look for a token in the form that cannot be read, and fail again."""
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)
