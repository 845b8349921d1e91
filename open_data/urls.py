"""Addresses of the open data."""

from django.urls import path

from open_data import pages

app_name = "open_data"
urlpatterns = [
    path("", pages.index, name="index"),
    path("<str:name>", pages.download, name="file"),
]
