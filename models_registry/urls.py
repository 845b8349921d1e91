"""URLs of the public catalogue."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from models_registry import views


class ModelSlug(StringConverter):
    """Any path segment without NUL, which PostgreSQL refuses."""

    regex = r"[^/\x00]+"


register_converter(ModelSlug, "model_slug")
app_name = "models"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("<model_slug:slug>/", views.model, name="model"),
]
