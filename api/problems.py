"""Errors of the programming interface as problem documents (RFC 9457), in English as its field names are."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from http import HTTPStatus

import orjson
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

CONTENT_TYPE = "application/problem+json"


class Kind(Enum):
    """The kinds of problems: an anchor of the documentation, a status, and the explanation given there."""

    NOT_FOUND = ("not-found", HTTPStatus.NOT_FOUND, _("Rien ne se trouve à cette adresse."))
    UNKNOWN_MODEL = (
        "unknown-model",
        HTTPStatus.NOT_FOUND,
        _("Aucun modèle publié ne porte ce nom, ou plusieurs pourraient le porter."),
    )
    INVALID = (
        "invalid-parameters",
        HTTPStatus.UNPROCESSABLE_ENTITY,
        _("Un paramètre est inconnu, répété, hors de ses bornes, ou ne va pas avec les autres."),
    )
    METHOD = (
        "method-not-allowed",
        HTTPStatus.METHOD_NOT_ALLOWED,
        _("Lisez par GET ou HEAD : cette interface n’écrit rien."),
    )
    LIMIT = (
        "too-many-requests",
        HTTPStatus.TOO_MANY_REQUESTS,
        _("La limite est atteinte ; Retry-After dit dans combien de secondes revenir."),
    )
    INTERNAL = (
        "internal-error",
        HTTPStatus.INTERNAL_SERVER_ERROR,
        _("L’erreur est de notre côté ; X-Request-ID permet de la retrouver."),
    )
    UNAVAILABLE = (
        "unavailable",
        HTTPStatus.SERVICE_UNAVAILABLE,
        _("La base de données ne répond pas pour le moment."),
    )

    @property
    def slug(self) -> str:
        return self.value[0]

    @property
    def status(self) -> HTTPStatus:
        return self.value[1]

    @property
    def explanation(self) -> str:
        return str(self.value[2])


@dataclass(frozen=True, slots=True)
class Fault:
    """One faulty parameter, and what is wrong with it."""

    parameter: str
    detail: str


class Problem(Exception):
    """A request that cannot be answered."""

    def __init__(self, kind: Kind, detail: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(detail)
        self.kind, self.detail, self.faults = kind, detail, faults


def invalid(parameter: str, detail: str) -> Problem:
    """The problem of one faulty parameter."""
    return invalid_parameters([Fault(parameter, detail)])


def invalid_parameters(faults: Sequence[Fault]) -> Problem:
    """The problem of several faulty parameters."""
    return Problem(Kind.INVALID, "; ".join(f"{each.parameter}: {each.detail}" for each in faults), faults)


def problem_response(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as a response, which no cache keeps."""
    kind = problem.kind
    document = {
        "type": request.build_absolute_uri(f"{reverse('api:docs')}#{kind.slug}"),
        "title": kind.status.phrase,
        "status": kind.status.value,
        "detail": problem.detail,
        "errors": [asdict(fault) for fault in problem.faults],
    }
    response = HttpResponse(orjson.dumps(document), content_type=CONTENT_TYPE, status=kind.status)
    response["Cache-Control"] = "no-store"
    return response
