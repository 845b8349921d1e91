"""The page that documents the programming interface, rendered on the server from its OpenAPI description."""

from importlib import import_module

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from api.problems import Kind


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    reference = import_module("api.reference")  # loaded with the first request, as the API itself
    base = request.build_absolute_uri(reverse("api:v1"))
    context = {
        "operations": reference.describe_operations("en" if get_language() == "en" else "fr"),
        "problems": list(Kind),
        "per_hour": settings.LIMIT_API_PER_HOUR,
        "base": base,
        "example": f"{base}estimate?{reference.EXAMPLES['estimate']}",
    }
    return render(request, "api/docs.html", context)
