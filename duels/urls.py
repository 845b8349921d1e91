"""The addresses of the game."""

from django.urls import path

from duels import views

app_name = "duels"
urlpatterns = [
    path("", views.home, name="home"),
    path("duels/", views.duels, name="duels"),
    path("duels/<str:code>/", views.duel, name="duel"),
    path("duels/<str:code>/foot/", views.foot, name="foot"),
    path("duels/<str:code>/turns/", views.ask, name="ask"),
    path("duels/<str:code>/turns/<int:number>/stream/", views.stream, name="stream"),
    path("duels/<str:code>/turns/<int:number>/<str:side>/reaction/", views.react, name="react"),
    path("duels/<str:code>/stop/", views.stop, name="stop"),
    path("duels/<str:code>/retry/", views.retry, name="retry"),
    path("duels/<str:code>/vote/", views.vote, name="vote"),
    path("duels/<str:code>/reveal.json", views.reveal_json, name="reveal_json"),
]
