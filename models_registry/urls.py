"""The addresses of the public catalogue."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from models_registry import views


class ModelSlug(StringConverter):
    """What the slug of a model is made of; anything else is no address, and asks no database."""

    regex = r"[a-z0-9.-]+"


register_converter(ModelSlug, "model_slug")
app_name = "models"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("<model_slug:slug>/", views.model, name="model"),
]
