"""Addresses of the lessons."""

from django.urls import path

from learn import views
from learn.own_question.page import follow_question

app_name = "learn"
urlpatterns = [
    path("", views.index, name="index"),
    path("votre-question/", follow_question, name="own_question"),
    path("taille/", views.size, name="size"),
    path("jetons/", views.tokens, name="tokens"),
    path("architecture/", views.architecture, name="architecture"),
    path("simulateur/", views.simulator, name="simulator"),
    path("simulateur.json", views.simulator_json, name="simulator_json"),
    path("methode/", views.method, name="method"),
    path("nos-erreurs/", views.errors, name="errors"),
    path("entrainement/", views.training, name="training"),
    path("quiz/", views.quiz, name="quiz"),
    path("glossaire/", views.glossary, name="glossary"),
]
