"""Calls of the programming interface, as a program makes them."""

from typing import Any

from django.test import Client
from django.urls import reverse

PROBLEM = "application/problem+json"


def get(path: str, query: dict[str, Any] | None = None, status: int = 200, **headers: str) -> Any:
    """The document at this path below /api/v1/, whose status and type are as expected."""
    response = Client().get(reverse("api:v1") + path, query, headers=headers)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == ("application/json" if status == 200 else PROBLEM)
    return response.json()
