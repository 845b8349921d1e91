"""Addresses of the leaderboard."""

from django.urls import path

from leaderboard.pages import views

app_name = "leaderboard"
urlpatterns = [
    path("", views.board, name="board"),
    path("classement.csv", views.board_csv, name="csv"),
    path("classement.json", views.board_json, name="json"),
    path("duels/", views.duels, name="duels"),
    path("modeles/<str:slug>/", views.model, name="model"),
]
