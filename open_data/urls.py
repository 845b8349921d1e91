"""Addresses of the open data."""

from django.urls import path

from open_data import views

app_name = "open_data"
urlpatterns = [
    path("", views.index, name="index"),
    path("<str:name>", views.download, name="file"),
]
