"""Addresses below /api/v1/, and what answers each."""

from django.urls import path

from api.endpoints import board, estimates, registry, words
from api.endpoints.service import service

for router in (estimates.router, registry.router, board.router, words.router):
    service.add_router("", router)

urlpatterns = [path("", service.urls)]
