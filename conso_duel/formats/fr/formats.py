"""Dates with their hour as one says them: 2 septembre 2025 à 14:05; Django's own run them together."""

DATETIME_FORMAT = "j F Y à H:i"
