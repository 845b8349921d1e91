"""The addresses of workshops; « /a/ » is the one that is read aloud."""

from django.urls import path

from workshops.pages import control, editor, entrance, live, papers, participant, screen

app_name = "workshops"
urlpatterns = [
    path("a/", entrance.join, name="short"),
    path("a/<str:code>/", entrance.short, name="short_code"),
    path("ateliers/", entrance.entrance, name="entrance"),
    path("ateliers/ouvrir/", entrance.open_workshop, name="open"),
    path("ateliers/rejoindre/", entrance.join, name="join"),
    path("ateliers/guide/", papers.guide, name="guide"),
    path("ateliers/cartes/", papers.cards, name="cards"),
    path("ateliers/<slug:code>/", participant.participant, name="participant"),
    path("ateliers/<slug:code>/voix/", participant.ballot, name="ballot"),
    path("ateliers/<slug:code>/tablee/", participant.heads, name="heads"),
    path("ateliers/<slug:code>/proposer/", participant.propose, name="propose"),
    path("ateliers/<slug:code>/manches/<int:number>/", participant.reading, name="reading"),
    path("ateliers/<slug:code>/manches/<int:number>/flux/", live.answer_stream, name="answer_stream"),
    path("ateliers/<slug:code>/manches/<int:number>/evenements/", live.answer_events, name="answer_events"),
    path("ateliers/<slug:code>/ecran/", screen.screen, name="screen"),
    path("ateliers/<slug:code>/pilote/", control.console, name="console"),
    path("ateliers/<slug:code>/pilote/commande/", control.command, name="command"),
    path("ateliers/<slug:code>/pilote/cle/<str:token>/", control.take_over, name="take_over"),
    path("ateliers/<slug:code>/pilote/revoquer/", control.revoke, name="revoke"),
    path("ateliers/<slug:code>/pilote/fin/", control.end, name="end"),
    path("ateliers/<slug:code>/pilote/scenario/", editor.editor, name="editor"),
    path("ateliers/<slug:code>/pilote/scenario.toml", editor.download, name="download"),
    path("ateliers/<slug:code>/bilan/", papers.debrief_page, name="debrief"),
    path("ateliers/<slug:code>/bilan.html", papers.debrief_pack, name="debrief_pack"),
    path("ateliers/<slug:code>/bilan.csv", papers.debrief_csv, name="debrief_csv"),
    path("ateliers/<slug:code>/bilan.json", papers.debrief_json, name="debrief_json"),
    path("ateliers/<slug:code>/<slug:view>/flux/", live.stream, name="stream"),
    path("ateliers/<slug:code>/<slug:view>/etat/", live.state, name="state"),
]
