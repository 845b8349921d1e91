"""Requests and responses shared by the views."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponseRedirect
from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    """A request as the middleware leaves it."""

    htmx: HtmxDetails


class SeeOther(HttpResponseRedirect):
    """After a form: the browser goes on with a GET, so that reloading sends nothing twice."""

    status_code = HTTPStatus.SEE_OTHER
