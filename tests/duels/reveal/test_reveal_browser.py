"""The vote with its bet and the reveal in a browser, wide and narrow."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from duels.models import Answer
from models_registry.models import LanguageModel
from tests import cast
from tests.duels.reveal.stage import played

WIDTHS_PX = (1366, 360, 320)
ANIMATION = "part => getComputedStyle(part).animationName"
Play = Callable[..., LanguageModel]


@pytest.fixture
def visitor(page: Page, web: str) -> str:
    return cast.visitor_at(page, web)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (cast.grand_70b, cast.matriochka_8b),
        (cast.melange_117b, cast.secret),
        (cast.petit_3b, cast.melange_117b),
    ],
    ids=["dense-matformer", "mixture-undisclosed", "dense-mixture"],
)
def test_nothing_scrolls_sideways_even_with_everything_open(
    page: Page, visitor: str, left: Play, right: Play
) -> None:
    duel = played(left(), right(), tokens=(312, 8268), reasoning=(0, 12345), visitor=visitor)
    cast.vote(duel)
    for width in WIDTHS_PX:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{duel.get_absolute_url()}?method=ecologits-0.11.3&electricity=POL")
        page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        expect(page.locator(".reveal-side")).to_have_count(2)


@pytest.mark.parametrize("places", [("cloud", "cloud"), ("this_computer", "cloud")], ids=["clouds", "here"])
@pytest.mark.parametrize(("width", "height"), [(360, 740), (1366, 768)])
def test_the_result_opens_on_one_screen_from_the_names_to_the_link(
    page: Page, visitor: str, width: int, height: int, places: tuple[str, str]
) -> None:
    duel = played(cast.petit_3b(), cast.secret(), tokens=(30, 2400), visitor=visitor)
    for side, kind in zip("ab", places, strict=True):
        Answer.objects.filter(turn__duel=duel, side=side).update(hosting={"kind": kind})
    cast.vote(duel)
    page.set_viewport_size({"width": width, "height": height})
    page.goto(duel.get_absolute_url())
    for part in (".moment-names", "#reveal", ".moment-picture", ".moment-sentence", "[data-share-first]"):
        expect(page.locator(part)).to_be_in_viewport(ratio=1)


def test_the_result_opens_on_one_screen_with_two_causes_on_the_picture(page: Page, visitor: str) -> None:
    duel = played(cast.petit_3b(weight_bits=4), cast.grand_70b(), tokens=(100, 600), visitor=visitor)
    cast.vote(duel)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(duel.get_absolute_url())
    expect(page.get_by_text("longueur × taille")).to_be_in_viewport(ratio=1)
    expect(page.locator("[data-share-first]")).to_be_in_viewport(ratio=1)


def test_the_gap_is_seen_before_it_is_read_but_by_those_who_asked_for_stillness(
    page: Page, visitor: str
) -> None:
    duel = played(cast.petit_3b(), cast.grand_70b(), visitor=visitor)
    cast.vote(duel)
    page.goto(duel.get_absolute_url())
    waits = page.locator(".factor, .moment-sentence")
    assert waits.evaluate_all(f"parts => parts.map({ANIMATION})") == ["pour-in", "pour-in"]
    page.emulate_media(reduced_motion="reduce")
    assert waits.evaluate_all(f"parts => parts.map({ANIMATION})") == ["none", "none"]


@pytest.mark.parametrize("fold", ["equations", "scale-title", "equivalents", "method"])
def test_each_fold_opens_by_its_address(page: Page, visitor: str, fold: str) -> None:
    duel = played(cast.petit_3b(), cast.grand_70b(), visitor=visitor)
    cast.vote(duel)
    page.goto(f"{duel.get_absolute_url()}#{fold}")
    expect(page.locator(f"details[open]:has(#{fold}), details#{fold}[open]")).to_have_count(1)


def test_a_vote_its_bet_and_a_second_vote_are_a_click_each(page: Page, visitor: str) -> None:
    duel = played(cast.grand_70b(), cast.matriochka_8b(), visitor=visitor)
    page.goto(duel.get_absolute_url())
    page.get_by_label("B est meilleure").check()
    expect(page.get_by_role("group", name="Combien de fois plus")).to_be_hidden()
    page.locator("[name=bet][value=a]").check()
    page.get_by_label("× 10", exact=True).check()
    page.get_by_role("button", name="Découvrir").click()
    expect(page.locator("#reveal")).to_be_focused()
    expect(page.get_by_text("Pari gagné\u00a0! Vous aviez dit\u00a0: A, 10 fois plus.")).to_be_visible()
    page.get_by_role("group", name="Sachant cela").get_by_role("button", name="A", exact=True).click()
    expect(page.get_by_text("votre vote à l’aveugle reste")).to_be_visible()
    expect(page.locator("#second-vote-a")).to_be_focused()


def test_the_electricity_is_chosen_at_once_and_the_fold_stays_open(page: Page, visitor: str) -> None:
    duel = played(cast.grand_70b(), cast.secret(), visitor=visitor)
    cast.vote(duel)
    page.goto(duel.get_absolute_url())
    page.evaluate("window.isTheSamePage = true")
    fold = page.locator("details#equivalents")
    page.get_by_text("Ce que cela représente").click()
    expect(page.get_by_role("button", name="Voir le CO₂")).to_be_hidden()
    page.get_by_role("link", name="France", exact=True).click()
    expect(page.get_by_role("row", name="CO₂e, avec cette électricité\u00a0: France")).to_be_visible()
    chosen = page.get_by_role("link", name="France", exact=True)
    expect(chosen).to_have_attribute("aria-current", "true")
    expect(chosen).to_be_focused()
    page.get_by_label("Et le CO₂").select_option("Pologne")
    expect(page.get_by_role("row", name="CO₂e, avec cette électricité\u00a0: Pologne")).to_be_visible()
    expect(page.get_by_role("row", name="CO₂e")).to_have_count(1)
    expect(fold).to_have_attribute("open", "")
    assert page.evaluate("window.isTheSamePage")
    assert page.url.endswith(f"{duel.get_absolute_url()}?electricity=POL")
    assert "&electricity=POL" in str(page.locator("#method-links a").first.get_attribute("href"))
    page.reload()
    expect(page.get_by_role("row", name="CO₂e, avec cette électricité\u00a0: Pologne")).to_be_visible()
    page.get_by_label("Et le CO₂").select_option("Choisir")
    expect(page.get_by_role("row", name="CO₂e")).to_have_count(0)
    expect(fold).to_have_attribute("open", "")


@pytest.mark.parametrize(
    ("method", "query", "link"),
    [
        ("physical-2026.2", "?method=ecologits-0.11.3", "Y revenir"),
        ("physical-2026", "", "Voir les deux, et ce qui a changé"),
    ],
)
def test_the_links_to_another_method_keep_the_electricity(
    page: Page, visitor: str, method: str, query: str, link: str
) -> None:
    duel = played(cast.grand_70b(), cast.secret(), visitor=visitor)
    Answer.objects.filter(turn__duel=duel).update(energy_method=method)
    cast.vote(duel)
    page.goto(duel.get_absolute_url() + query)
    page.get_by_text("Ce que cela représente").click()
    page.get_by_role("link", name="France", exact=True).click()
    expect(page.get_by_role("row", name="CO₂e, avec cette électricité\u00a0: France")).to_be_visible()
    page.get_by_role("link", name=link).click()
    expect(page.get_by_role("row", name="CO₂e, avec cette électricité\u00a0: France")).to_be_visible()
    assert page.url.split("#")[0].endswith("electricity=FRA")


def test_going_back_to_an_electricity_that_was_chosen_at_once_shows_the_whole_page(
    page: Page, visitor: str
) -> None:
    duel = played(cast.grand_70b(), cast.secret(), visitor=visitor)
    cast.vote(duel)
    page.goto(duel.get_absolute_url())
    page.get_by_text("Ce que cela représente").click()
    page.get_by_role("link", name="France", exact=True).click()
    expect(page.get_by_role("row", name="CO₂e")).to_be_visible()
    page.evaluate("location.hash = 'scale-title'")
    page.go_back()
    expect(page.get_by_role("row", name="CO₂e, avec cette électricité\u00a0: France")).to_be_visible()
    expect(page.get_by_role("banner")).to_be_visible()


def test_without_scripts_the_other_method_and_the_electricity_are_plain_links_and_forms(
    browser: Browser, web: str
) -> None:
    with browser.new_context(base_url=web, locale="fr-FR", java_script_enabled=False) as context:
        choose_with_links_and_forms(context.new_page(), web)


def choose_with_links_and_forms(page: Page, web: str) -> None:
    duel = played(cast.grand_70b(), cast.secret(), visitor=cast.visitor_at(page, web))
    cast.vote(duel)
    page.goto(f"{duel.get_absolute_url()}?electricity=FRA")
    page.get_by_role("link", name="États-Unis", exact=True).click()
    expect(page.get_by_role("row", name="États-Unis")).to_be_visible()
    page.goto(duel.get_absolute_url())
    page.get_by_role("heading", name="Comment est-ce calculé").click()
    page.get_by_role("link", name="EcoLogits 0.11.3").click()
    expect(page.get_by_text("Ces chiffres viennent de la méthode EcoLogits 0.11.3.")).to_be_visible()
    page.get_by_text("Ce que cela représente").click()
    page.get_by_label("Et le CO₂").select_option("Pologne")
    page.get_by_role("button", name="Voir le CO₂").click()
    expect(page.get_by_role("row", name="Pologne")).to_be_visible()
    assert page.url.endswith("?method=ecologits-0.11.3&electricity=POL#equivalents")
