"""The description of the programming interface in OpenAPI 3.1, generated from its code, in each language."""

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from api.endpoints.service import service
from api.problems import CONTENT_TYPE, Kind

DOCUMENT = "/openapi.json"
ABOUT = _(
    "Ce que ce site sait des modèles d’IA, de leur énergie et des votes, pour des programmes. En lecture "
    "seule, sans clé, depuis toute origine."
)
TRANSLATED = ("summary", "description")
PROBLEM = {
    "title": "Problem",
    "description": _("Une erreur (RFC 9457)."),
    "type": "object",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["parameter", "detail"],
                "properties": {"parameter": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
PROBLEM_CONTENT = {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}


@cache
def openapi_document(language: str) -> dict[str, Any]:
    """The whole description. language: of its sentences, "fr" or "en"."""
    document = deepcopy(dict(service.get_openapi_schema(path_prefix="")))
    document["info"] |= {"title": settings.SITE_NAME, "description": ABOUT}
    document["servers"] = [{"url": reverse("api:v1").rstrip("/")}]
    schemas = document["components"]["schemas"]
    for schema in schemas.values():
        schema.pop("description", None)  # docstrings, for readers of the code
    schemas["Problem"] = PROBLEM
    for operation in operations(document):
        operation["responses"] = {str(status): answer for status, answer in operation["responses"].items()}
        operation["responses"] |= _problems()
        for parameter in operation["parameters"]:
            _without_null(parameter["schema"])
    with translation.override(language):
        translated: dict[str, Any] = _translated(document)
    return translated


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The operations of a description; all of them are GET."""
    return (path["get"] for path in document["paths"].values())


@cache
def operation_paths() -> dict[str, str]:
    """The path of each operation below /api/v1, by its name."""
    paths: dict[str, Any] = openapi_document("en")["paths"]
    return {path["get"]["operationId"]: address for address, path in paths.items()}


def _problems() -> dict[str, Any]:
    """The errors that any operation may answer with, beside its document."""
    problems = {kind.status.value: kind.status.phrase for kind in Kind if kind is not Kind.METHOD}
    answers: dict[str, Any] = {"304": {"description": "Not Modified"}}
    return answers | {
        str(status): {"description": phrase, "content": PROBLEM_CONTENT}
        for status, phrase in sorted(problems.items())
    }


def _without_null(schema: dict[str, Any]) -> None:
    """Take out the null of an optional parameter: in an address it is left out, not written."""
    if choices := schema.pop("anyOf", None):
        [choice] = [choice for choice in choices if choice != {"type": "null"}]
        schema.update(choice)


def _translated(part: Any, name: str = "") -> Any:
    """The same with its sentences in the active language. name: of the field that holds this part."""
    if isinstance(part, dict):
        return {key: _translated(value, key) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_translated(value) for value in part]
    return gettext(part) if name in TRANSLATED and isinstance(part, str) and part else part
