"""Addresses of recorded duels."""

from django.urls import path

from recordings.pages import offered, record, schema

app_name = "recordings"
urlpatterns = [
    path("duels/<slug:code>/enregistrer/", record.record, name="record"),
    path("duels/<slug:code>/avis/", offered.of_duel, name="of_duel"),
    path("question-du-jour/", offered.daily, name="daily"),
    path("duels-enregistres/", offered.index, name="index"),
    path("duels-enregistres/hors-ligne.html", offered.offline_page, name="offline"),
    path("duels-enregistres/paquet-1.schema.json", schema.pack_schema, name="schema"),
    path("duels-enregistres/<slug:code>/", offered.recording, name="recording"),
]
