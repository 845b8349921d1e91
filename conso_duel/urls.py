"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from conso_duel.operations.health import health
from conso_duel.operations.prometheus import metrics
from conso_duel.site import pages
from conso_duel.site.code_step import code_step
from conso_duel.site.login import login
from conso_duel.site.logo import logo
from conso_duel.site.second_factor_page import second_factor_page
from models_registry.admin.state_board import index

handler400 = "conso_duel.site.errors.bad_request"
handler500 = "conso_duel.site.errors.server_error"
urlpatterns = [
    path("", include("duels.urls")),  # first: most requests are of a duel
    path("admin/login/", login),  # before the admin's own, whose name and address it keeps
    path("admin/login/code/", code_step, name="login-code"),
    path("admin/double-authentification/", admin.site.admin_view(second_factor_page), name="second-factor"),
    path("admin/", admin.site.admin_view(index)),  # the board on top of the admin's own
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("a-propos/", pages.about, name="about"),
    path("donnees-personnelles/", pages.privacy, name="privacy"),
    path("accessibilite/", pages.accessibility, name="accessibility"),
    path("ecoconception/", pages.ecodesign, name="ecodesign"),
    path("mentions-legales/", pages.legal, name="legal"),
    path("logo", logo, name="site-logo"),
    path("sante/", health, name="health"),
    path("metrics", metrics, name="metrics"),
    path("modeles/", include("models_registry.urls")),
    path("comprendre/", include("learn.urls")),
    path("classement/", include("leaderboard.urls")),
    path("donnees/", include("open_data.urls")),
    path("api/", include("api.urls")),
    path("", include("recordings.urls")),
    path("", include("workshops.urls")),
]
