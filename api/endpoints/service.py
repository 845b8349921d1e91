"""The Ninja API: how its answers are written, and which problem each exception becomes."""

import logging
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

import orjson
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.operation import Operation
from ninja.renderers import BaseRenderer

from api.problems import Fault, Kind, Problem, invalid_parameters, problem_response

logger = logging.getLogger(__name__)
VERSION = "1.0"
RETRY_AFTER_SECONDS = 10


class OrjsonRenderer(BaseRenderer):
    """JSON whose numbers read back as the same numbers."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return orjson.dumps(data)


class Service(NinjaAPI):
    """Operations are named by their functions."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_content_type(self) -> str:
        """JSON has no parameter charset: it is UTF-8 (RFC 8259)."""
        return "application/json"


service = Service(version=VERSION, docs_url=None, openapi_url=None, renderer=OrjsonRenderer())


@service.exception_handler(Problem)
def on_problem(request: HttpRequest, problem: Problem) -> HttpResponse:
    return problem_response(request, problem)


@service.exception_handler(ValidationError)
def on_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """The faults of all parameters, without what was sent."""
    faults = [Fault(str(each["loc"][-1]), each["msg"]) for each in error.errors]
    return problem_response(request, invalid_parameters(faults))


@service.exception_handler(Http404)
def on_missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem_response(request, Problem(Kind.NOT_FOUND, "There is nothing at this address."))


@service.exception_handler(OperationalError)
@service.exception_handler(InterfaceError)
def on_no_database(request: HttpRequest, error: Exception) -> HttpResponse:
    logger.error("the API is without a database: %s", type(error).__name__)
    response = problem_response(request, Problem(Kind.UNAVAILABLE, "The database does not answer."))
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


@service.exception_handler(Exception)
def on_error(request: HttpRequest, error: Exception) -> HttpResponse:
    """An error of ours; the log has it, and the id of the request."""
    logger.error("the API failed", exc_info=error)
    return problem_response(request, Problem(Kind.INTERNAL, "The error is on our side."))


def refuse_unknown_parameters(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: raises Problem for a parameter that the operation does not have, or that is given twice."""

    @wraps(operation)
    def checked(request: HttpRequest, **values: Any) -> Any:
        known = known_parameters()[operation.__name__]
        faults = [
            Fault(name[:80], "is given more than once" if name in known else "is not a parameter here")
            for name, given in request.GET.lists()
            if name not in known or len(given) > 1
        ]
        if faults:
            raise invalid_parameters(faults)
        return operation(request, **values)

    return checked


@cache
def known_parameters() -> dict[str, frozenset[str]]:
    """The parameters of each operation in the query, by its name."""
    operations = [path["get"] for path in service.get_openapi_schema(path_prefix="")["paths"].values()]
    return {
        each["operationId"]: frozenset(one["name"] for one in each["parameters"] if one["in"] == "query")
        for each in operations
    }


service.add_decorator(refuse_unknown_parameters)
