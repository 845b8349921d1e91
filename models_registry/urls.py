"""The addresses of the public catalogue."""

from django.urls import path

from models_registry import views

app_name = "models"
urlpatterns = [
    path("", views.catalogue, name="catalogue"),
    path("<str:slug>/", views.model, name="model"),
]
