"""Requests and responses that the views share."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponseRedirect
from django_htmx.middleware import HtmxDetails


class Request(HttpRequest):
    """A request after django_htmx's middleware."""

    htmx: HtmxDetails


class SeeOther(HttpResponseRedirect):
    """303, after a form: the browser continues with a GET, so that reloading sends nothing twice."""

    status_code = HTTPStatus.SEE_OTHER
