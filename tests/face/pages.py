"""Every kind of page of the site: where it is, who reads it, and what they do there first."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page

from tests.face.world import World

TOO_LONG = "x" * 9_000
LEARN = ("", "taille/", "architecture/", "simulateur/", "methode/", "glossaire/")


def look(page: Page) -> None:
    """Nothing is done first."""


def wait_for_the_lens(page: Page) -> None:
    """Every tokeniser has cut the example."""
    page.locator(".cut").nth(8).wait_for()


def send_too_much(page: Page) -> None:
    """A form sent without the script that would hold it back."""
    page.locator("[data-prompt]").fill(TOO_LONG)
    send_the_form_of(page, "[data-prompt]")


def ask(page: Page) -> None:
    page.locator("[data-prompt]").fill("Pourquoi ?")
    send_the_form_of(page, "[data-prompt]")


def vote_for_nobody(page: Page) -> None:
    send_the_form_of(page, "#vote .vote-submit")


def lose_the_cookies_and_ask(page: Page) -> None:
    page.context.clear_cookies()
    ask(page)


def give_a_wrong_password(page: Page) -> None:
    page.locator("#id_username").fill("camille")
    page.locator("#id_password").fill("azerty")
    send_the_form_of(page, "#id_password")


def send_the_form_of(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.evaluate("field => HTMLFormElement.prototype.submit.call(field.form)")


@dataclass(frozen=True)
class Kind:
    """A kind of page."""

    path: str = ""
    duel: str = ""  # the state of the visitor's duel, in place of the path
    reader: str = "newcomer"
    act: Callable[[Page], None] = look

    def open(self, page: Page, world: World) -> None:
        """The page as its reader sees it once it has loaded."""
        page.goto(world.duels[self.duel] + self.path if self.duel else self.path)
        self.act(page)

    def context(self, browser: Browser, world: World, address: str, **options: object) -> BrowserContext:
        """A browser with an empty cache and the cookies of the reader."""
        context = browser.new_context(base_url=address, locale="fr-FR", **options)  # type: ignore[arg-type]
        cookies = world.cookies[self.reader].items()
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies])
        return context


def own(duel: str, **facts: str) -> Kind:
    return Kind(duel=duel, reader="visitor", **facts)  # type: ignore[arg-type]


PAGES = {
    "home": Kind("/"),
    "home, filled": Kind("/?mode=chosen&model=petit-3b&prompt=Pourquoi"),
    "home, a silent model": Kind("/?mode=chosen&model=gpt-5"),
    "home, too long a question": Kind("/", act=send_too_much),
    "home, too many duels": Kind("/", reader="busy", act=ask),
    "duel, waiting": own("waiting"),
    "duel, streaming": own("streaming"),
    "duel, ended": own("ended"),
    "duel, chosen models": own("chosen"),
    "duel, a vote for nobody": Kind(duel="ended", reader="visitor", act=vote_for_nobody),
    "duel, one side failed": own("one failed"),
    "duel, both sides failed": own("both failed"),
    "duel, followed up": own("followed up"),
    "duel, followed up, streaming": own("followed up, streaming"),
    "reveal": own("voted"),
    "reveal, mixture and dolls": own("voted, mixture and dolls"),
    "reveal, by the other method": own("voted", path="?methode=ecologits-0.11.3&electricite=POL"),
    "shared duel, to who shares it": own("shared"),
    "shared duel, to who reads it": Kind(duel="shared"),
    "my duels": Kind("/duels/", reader="visitor"),
    "my duels, none": Kind("/duels/"),
    "catalogue": Kind("/modeles/"),
    "catalogue, second page": Kind("/modeles/?page=2"),
    "catalogue, nothing found": Kind("/modeles/?words=introuvable"),
    "catalogue, a wrong filter": Kind("/modeles/?size=gigantesque"),
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
    "learn, tokens": Kind("/comprendre/jetons/", act=wait_for_the_lens),
    "learn, figures refused": Kind("/comprendre/simulateur/?a-total=beaucoup&a-architecture=dense"),
    "quiz, begun": Kind("/comprendre/quiz/?draw=bcdfg"),
    "quiz, answered": Kind("/comprendre/quiz/?draw=bcdfg&choices=a"),
    "quiz, finished": Kind("/comprendre/quiz/?draw=bcdfg&choices=abssa"),
    "about": Kind("/a-propos/"),
    "privacy": Kind("/donnees-personnelles/"),
    "accessibility": Kind("/accessibilite/"),
    "ecodesign": Kind("/ecoconception/"),
    "legal": Kind("/mentions-legales/"),
    "health": Kind("/sante/"),
    "form without its token": Kind("/", act=lose_the_cookies_and_ask),
    "page not found": Kind("/nulle-part/"),
}
ADMIN_PAGES = {
    "admin, login": Kind("/admin/login/"),
    "admin, wrong password": Kind("/admin/login/", act=give_a_wrong_password),
    "admin, index": Kind("/admin/", reader="curator"),
    "admin, models": Kind("/admin/models_registry/languagemodel/", reader="curator"),
    "admin, a new model": Kind("/admin/models_registry/languagemodel/add/", reader="curator"),
}
