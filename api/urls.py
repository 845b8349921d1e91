"""Addresses of the programming interface: its documentation, and one view for everything below /api/v1/."""

from django.urls import path

from api.dispatch import v1
from api.docs import docs

app_name = "api"
urlpatterns = [
    path("", docs, name="docs"),
    path("v1/", v1, name="v1"),
    path("v1/<path:rest>", v1, name="v1_any"),
]
