"""The addresses of the game."""

from django.urls import path

from duels import views, views_mine, views_reveal, views_share

app_name = "duels"
urlpatterns = [
    path("", views.home, name="home"),
    path("duels/", views_mine.duels, name="duels"),
    path("duels/delete/", views_mine.delete_all, name="delete_all"),  # no code is so short
    path("duels/<slug:code>/", views.duel, name="duel"),
    path("duels/<slug:code>/delete/", views_mine.delete, name="delete"),
    path("duels/<slug:code>/foot/", views.foot, name="foot"),
    path("duels/<slug:code>/turns/", views.ask, name="ask"),
    path("duels/<slug:code>/turns/<int:number>/stream/", views.stream, name="stream"),
    path("duels/<slug:code>/turns/<int:number>/<slug:side>/reaction/", views.react, name="react"),
    path("duels/<slug:code>/stop/", views.stop, name="stop"),
    path("duels/<slug:code>/retry/", views.retry, name="retry"),
    path("duels/<slug:code>/guess/", views_reveal.guess, name="guess"),
    path("duels/<slug:code>/vote/", views.vote, name="vote"),
    path("duels/<slug:code>/second-vote/", views_reveal.second_vote, name="second_vote"),
    path("duels/<slug:code>/share/", views_share.share, name="share"),
    path("duels/<slug:code>/fiche/", views_share.sheet, name="sheet"),
    path("duels/<slug:code>/reveal.json", views_reveal.reveal_json, name="reveal_json"),
    path("resultats/<str:token>/", views_share.result, name="result"),
    path("resultats/<str:token>/<slug:language>.png", views_share.card, name="card"),
]
