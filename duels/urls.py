"""The addresses of the game."""

from django.urls import path

from duels.pages import download, duel, history, home, next_step, reveal, share, turn_events, vote

app_name = "duels"
urlpatterns = [
    path("", home.home, name="home"),
    path("duels/", home.duels, name="duels"),
    path("duels/delete/", history.delete_all, name="delete_all"),  # no code is so short
    path("duels/cle/", history.device_key_file, name="device_key"),
    path("duels/apporter/", history.bring, name="bring"),
    path("duels/mes-duels.json", download.download, name="download"),
    path("duels/<slug:code>/", duel.duel, name="duel"),
    path("duels/<slug:code>/delete/", history.delete, name="delete"),
    path("duels/<slug:code>/next/", next_step.next_step, name="next_step"),
    path("duels/<slug:code>/turns/", duel.add_turn, name="add_turn"),
    path("duels/<slug:code>/turns/<int:number>/stream/", turn_events.stream, name="stream"),
    path("duels/<slug:code>/turns/<int:number>/events/", turn_events.events, name="events"),
    path("duels/<slug:code>/turns/<int:number>/<slug:side>/reaction/", vote.react, name="react"),
    path("duels/<slug:code>/stop/", duel.stop, name="stop"),
    path("duels/<slug:code>/retry/", duel.retry, name="retry"),
    path("duels/<slug:code>/vote/", vote.vote, name="vote"),
    path("duels/<slug:code>/second-vote/", reveal.second_vote, name="second_vote"),
    path("duels/<slug:code>/share/", share.share, name="share"),
    path("duels/<slug:code>/texts/", share.texts_in_open_data, name="texts_in_open_data"),
    path("duels/<slug:code>/fiche/", share.printable, name="printable"),
    path("duels/<slug:code>/reveal.json", reveal.reveal_json, name="reveal_json"),
    path("resultats/<str:token>/", share.result, name="result"),
    path("resultats/<str:token>/<slug:language>.png", share.card, name="card"),
]
