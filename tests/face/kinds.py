"""Kinds of pages, and the steps by which a reader comes to each."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve
from django.utils import translation
from django.views import defaults
from playwright.sync_api import Browser, BrowserContext, Page

from conso_duel.site import errors, login
from duels import valkey, visitors
from duels.middleware import DatabaseUnavailableMiddleware
from tests.face.world import World
from web.concurrency_slots import Slot, acquire

TOO_LONG = "x" * 9_000
WAIT_SECONDS = 600


@dataclass(frozen=True)
class Kind:
    """A kind of page: where it is, who reads it, what they do there first, and the status of the answer."""

    path: str = ""
    duel: str = ""  # the state of the visitor's duel that the path begins with
    reader: str = "newcomer"
    act: Callable[[Page], None] | None = None
    status: int = 200
    made: Callable[[HttpRequest], HttpResponse] | None = None  # what no address of a healthy site leads to

    def open(self, page: Page, world: World) -> None:
        """The page as its reader sees it once it has loaded."""
        page.goto(world.duels[self.duel] + self.path if self.duel else self.path)
        if self.act:
            self.act(page)

    def context(
        self, browser: Browser, world: World, address: str, locale: str = "fr-FR", **options: Any
    ) -> BrowserContext:
        """A browser with an empty cache and the cookies of the reader."""
        context = browser.new_context(base_url=address, locale=locale, **options)
        cookies = world.cookies[self.reader].items()
        context.add_cookies([{"name": name, "value": value, "url": address} for name, value in cookies])
        if self.made:
            self._serve(context, address, locale)
        return context

    def _serve(self, context: BrowserContext, address: str, locale: str) -> None:
        """In place of the site, the page that it would make."""
        body, headers = self._body(locale), {"Content-Type": "text/html; charset=utf-8"}
        answer = {"status": self.status, "headers": headers, "body": body}
        context.route(address + self.path, lambda route: route.fulfill(**answer))

    def _body(self, locale: str) -> bytes:
        assert self.made
        request = RequestFactory().post(self.path, {"prompt": "Pourquoi ?"})
        request.user, request.resolver_match = AnonymousUser(), resolve(self.path)
        with translation.override(locale.partition("-")[0]):
            return self.made(request).content


def bad_request(request: HttpRequest) -> HttpResponse:
    return errors.bad_request(request, ValueError())


def forbidden(request: HttpRequest) -> HttpResponse:
    return defaults.permission_denied(request, PermissionError())


def too_many_passwords(request: HttpRequest) -> HttpResponse:
    return login.too_many_attempts(request, WAIT_SECONDS)


def without_database(request: HttpRequest) -> HttpResponse:
    page = DatabaseUnavailableMiddleware(errors.server_error).process_exception(request, OperationalError())
    assert page
    return page


def wait_for_the_lens(page: Page) -> None:
    """Every tokeniser has cut the example."""
    page.locator(".cut").nth(8).wait_for()


def send_too_much(page: Page) -> None:
    page.locator("[data-prompt]").fill(TOO_LONG)
    send_the_form_of(page, "[data-prompt]")


def ask(page: Page) -> None:
    page.locator("[data-prompt]").fill("Pourquoi ?")
    send_the_form_of(page, "[data-prompt]")


def ask_while_all_may_run(page: Page) -> None:
    """Send a question while this visitor has as many duels running as one may have."""
    words = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    slot = Slot("visitor", visitors.hash_token(words[visitors.COOKIE]), settings.LIMIT_RUNNING_DUELS)
    for number in range(slot.count):
        holder = f"busy:{number}"
        acquire(valkey.client(), holder, [slot], capacity=400, now=time.time(), seconds=WAIT_SECONDS)
    ask(page)


def vote_without_choice(page: Page) -> None:
    send_the_form_of(page, "#vote .vote-submit")


def record_without_agreeing(page: Page) -> None:
    send_the_form_of(page, "#id_agreed")


def lose_the_cookies_and_ask(page: Page) -> None:
    page.context.clear_cookies()
    ask(page)


def give_a_wrong_password(page: Page) -> None:
    page.locator("#id_username").fill("camille")
    page.locator("#id_password").fill("azerty")
    send_the_form_of(page, "#id_password")


def give_a_wrong_code(page: Page) -> None:
    page.locator("#id_code").fill("azerty")
    send_the_form_of(page, "#id_code")


def send_the_form_of(page: Page, selector: str) -> None:
    """Without what a script would check first."""
    with page.expect_navigation():
        page.locator(selector).first.evaluate("field => HTMLFormElement.prototype.submit.call(field.form)")
