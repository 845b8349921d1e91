"""Every kind of page of the site."""

from conso_duel.site import errors
from tests.face import kinds
from tests.face.kinds import Kind

LEARN = (
    "",
    "taille/",
    "architecture/",
    "simulateur/",
    "methode/",
    "nos-erreurs/",
    "entrainement/",
    "glossaire/",
)


def own(duel: str, path: str = "") -> Kind:
    return Kind(path, duel=duel, reader="visitor")


PAGES = {
    "home": Kind("/"),
    "home, filled": Kind("/?mode=chosen&model=petit-3b&prompt=Pourquoi"),
    "home, too long a question": Kind("/", act=kinds.send_too_much, status=422),
    "home, too many duels": Kind("/", reader="busy", act=kinds.ask_while_all_may_run, status=429),
    "duel, waiting": own("waiting"),
    "duel, streaming": own("streaming"),
    "duel, ended": own("ended"),
    "duel, chosen models": own("chosen"),
    "duel, a vote for nobody": Kind(
        duel="ended", reader="visitor", act=kinds.vote_without_choice, status=422
    ),
    "duel, one side failed": own("one failed"),
    "duel, both sides failed": own("both failed"),
    "duel, followed up": own("followed up"),
    "duel, followed up, streaming": own("followed up, streaming"),
    "reveal": own("voted"),
    "reveal, mixture and dolls": own("voted, mixture and dolls"),
    "reveal, by the other method": own("voted", path="?method=ecologits-0.11.3&electricity=POL"),
    "shared duel, to who shares it": own("shared"),
    "result, with its texts": Kind(duel="shared"),  # the duel's address leads others to what its link shows
    "result, as its visitor prints it": own("shared", path="fiche/"),
    "record a duel": own("voted", path="enregistrer/"),
    "record a duel, without agreeing": Kind(
        duel="voted", path="enregistrer/", reader="visitor", act=kinds.record_without_agreeing, status=422
    ),
    "recorded duels": Kind("/duels-enregistres/"),
    "recorded duel": Kind(duel="recording"),
    "recorded duel, what everybody said": own("replayed", path="avis/"),
    "replay, revealed": own("replayed"),
    "question of the day": Kind("/question-du-jour/"),
    "my duels": Kind("/duels/", reader="visitor"),
    "my duels, none": Kind("/duels/"),
    "my duels, one to delete": own("ended", "delete/"),
    "my duels, all to delete": Kind("/duels/delete/", reader="visitor"),
    "catalogue": Kind("/modeles/"),
    "catalogue, nothing found": Kind("/modeles/?words=introuvable"),
    "catalogue, a wrong filter": Kind("/modeles/?size=gigantesque&words=petit", status=400),
    "model": Kind("/modeles/petit-3b/"),
    "model, mixture": Kind("/modeles/deepseek-v3/"),
    "model, undisclosed": Kind("/modeles/gpt-5/"),
    "leaderboard": Kind("/classement/"),
    "leaderboard, every model": Kind("/classement/?enough=every&energy=answer"),
    "leaderboard, nothing found": Kind("/classement/?words=introuvable"),
    "leaderboard, before the first": Kind("/classement/?day=2020-01-01"),
    "leaderboard, duels": Kind("/classement/duels/"),
    "leaderboard, a model": Kind("/classement/modeles/grand-70b/"),
    "leaderboard, a model without votes": Kind("/classement/modeles/gpt-5/"),
    **{f"learn, {path or 'index'}": Kind(f"/comprendre/{path}") for path in LEARN},
    "learn, a model without a size": Kind("/comprendre/taille/?model=gpt-5"),
    "learn, tokens": Kind("/comprendre/jetons/", act=kinds.wait_for_the_lens),
    "learn, figures refused": Kind(
        "/comprendre/simulateur/?a-total=beaucoup&a-architecture=dense", status=400
    ),
    "learn, your question": Kind("/comprendre/votre-question/", reader="visitor"),
    "learn, your question, weights": Kind("/comprendre/votre-question/#weights", reader="visitor"),
    "learn, your question, plug": Kind("/comprendre/votre-question/#plug", reader="visitor"),
    "learn, an example of a question": Kind("/comprendre/votre-question/#experts"),
    "quiz, begun": Kind("/comprendre/quiz/?draw=bcdfg"),
    "quiz, answered": Kind("/comprendre/quiz/?draw=bcdfg&choices=a"),
    "quiz, finished": Kind("/comprendre/quiz/?draw=bcdfg&choices=abssa"),
    "workshops": Kind("/ateliers/"),
    "workshops, an unknown code": Kind("/a/?code=ZZZZZ", status=404),
    "workshops, guide": Kind("/ateliers/guide/"),
    "about": Kind("/a-propos/"),
    "privacy": Kind("/donnees-personnelles/"),
    "accessibility": Kind("/accessibilite/"),
    "ecodesign": Kind("/ecoconception/"),
    "api": Kind("/api/"),
    "open data": Kind("/donnees/"),
    "legal": Kind("/mentions-legales/"),
    "health": Kind("/sante/"),
    "form without its token": Kind("/", act=kinds.lose_the_cookies_and_ask, status=403),
    "page not found": Kind("/nulle-part/", status=404),
    "request not understood": Kind("/duels/", made=kinds.bad_request, status=400),
    "access refused": Kind("/duels/", made=kinds.forbidden, status=403),
    "too many passwords": Kind("/admin/login/", made=kinds.too_many_passwords, status=429),
    "server error": Kind("/duels/", made=errors.server_error, status=500),
    "no database": Kind("/duels/", made=kinds.without_database, status=503),
}
ADMIN_PAGES = {
    "admin, login": Kind("/admin/login/"),
    "admin, wrong password": Kind("/admin/login/", act=kinds.give_a_wrong_password),
    "admin, code": Kind("/admin/login/code/", reader="curator at the door"),
    "admin, a wrong code": Kind(
        "/admin/login/code/", reader="curator at the door", act=kinds.give_a_wrong_code
    ),
    "admin, second factor": Kind("/admin/double-authentification/", reader="curator"),
    "admin, second factor to remove": Kind("/admin/double-authentification/", reader="protected curator"),
    "admin, index": Kind("/admin/", reader="curator"),
    "admin, models": Kind("/admin/models_registry/languagemodel/", reader="curator"),
    "admin, connect a server": Kind("/admin/models_registry/languagemodel/connect/", reader="curator"),
    "admin, reasons": Kind("/admin/duels/votereason/", reader="curator"),
    "admin, a new reason": Kind("/admin/duels/votereason/add/", reader="curator"),
    "admin, import models": Kind("/admin/models_registry/languagemodel/import/", reader="curator"),
    "admin, import a pack": Kind("/admin/recordings/recording/import/", reader="curator"),
    "admin, recordings": Kind("/admin/recordings/recording/", reader="curator"),
    "admin, endpoints": Kind("/admin/models_registry/endpoint/", reader="curator"),
    "admin, ideas": Kind("/admin/duels/suggestion/", reader="curator"),
    "admin, a new model": Kind("/admin/models_registry/languagemodel/add/", reader="curator"),
}
