"""French dates with an hour: 2 septembre 2025 à 14:05; Django's have no « à »."""

DATETIME_FORMAT = "j F Y à H:i"
