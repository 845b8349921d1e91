"""A result that is shared, sent and printed, in a browser: one A4 page, whatever was written."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from duels.models import Answer, Duel, Share
from duels.sharing import links
from models_registry.models import LanguageModel
from tests import cast
from tests.duels.reveal.stage import played

PARAGRAPH = "Le ciel est bleu parce que l’air disperse mieux le bleu que le rouge, dans tous les sens. "
ANSWER = f"{PARAGRAPH * 4}\n\n- le bleu rebondit ;\n- le rouge passe.\n\n{PARAGRAPH * 2}"
TABLE = "| Mot | Longueur |\n|---|---|\n" + "| ciel | quatre lettres |\n" * 4
PROGRAM = "```python\nfor mot in phrase.split():\n    print(mot.capitalize(), len(mot))\n```"
LONG = "\n\n".join([ANSWER, TABLE, PROGRAM] * 8)
TOO_LONG = {"fr": "Les textes sont plus longs que cette page", "en": "The texts are longer than this page"}
A4_POINTS = (595, 842)
PRINTED_WIDTH = 703  # of an A4 page without its margins of 12 mm, in CSS pixels


@pytest.fixture
def models(web: str) -> list[LanguageModel]:
    """One model of each kind, the first with a name as long as names may be."""
    long_name = "Grand modèle de langue au nom interminable, en version instruite et relue " * 2
    grand = cast.grand_70b()
    LanguageModel.objects.filter(pk=grand.pk).update(name=long_name[:120])
    return [grand, cast.secret(), cast.melange_117b(), cast.matriochka_8b()]


def shared(left: LanguageModel, right: LanguageModel, prompt: str = "", text: str = "") -> str:
    """The link of a duel that was voted on; its texts are shown where one is given."""
    duel = played(left, right, reasoning=(900, 0))
    duel.turns.update(prompt=prompt or cast.PROMPT)
    Answer.objects.filter(turn__duel=duel).update(text=text or ANSWER, html_version="")
    cast.vote(duel)
    return links.url_for(links.create_link(duel, with_text=bool(text)))


@pytest.fixture(params=["fr-FR", "en-GB"])
def reader(browser: Browser, web: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A fresh page in each language."""
    with browser.new_context(base_url=web, locale=request.param) as context:
        yield context.new_page()


def printed(page: Page, path: str) -> list[tuple[int, int]]:
    """The size of each page of paper, in points."""
    page.goto(path)
    pdf = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert len(boxes) == len(re.findall(rb"/Type /Page\b", pdf))
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def is_cut(page: Page) -> bool:
    """Whether paper holds less than the texts; nothing else on it may be cut, and then a sentence says so."""
    page.set_viewport_size({"width": PRINTED_WIDTH, "height": 1028})
    page.emulate_media(media="print")
    too_high = page.evaluate(
        "() => ['body', 'main', '.reveal', '.texts']"
        ".filter((name) => { const part = document.querySelector(name);"
        " return part && part.scrollHeight > part.clientHeight + 1; })"
    )
    assert too_high in ([], [".texts"])
    footer, body = page.locator(".result-footer").bounding_box(), page.locator("body").bounding_box()
    assert footer and body
    assert footer["y"] + footer["height"] <= body["height"] + 1
    assert is_sentence_shown(page) == bool(too_high)
    return bool(too_high)


def is_sentence_shown(page: Page) -> bool:
    """Whether the sentence lies inside the texts, at their end, and not clipped above them."""
    texts, sentence = page.locator(".texts"), page.locator(".texts-cut")
    if not texts.count():
        return False
    outer, inner = texts.bounding_box(), sentence.bounding_box()
    assert outer and inner
    ends = inner["y"] + inner["height"], outer["y"] + outer["height"]
    is_clipped = ends[0] <= outer["y"]
    assert is_clipped or ends[0] == pytest.approx(ends[1], abs=1)
    return not is_clipped


def test_a_result_without_its_texts_is_one_a4_page(reader: Page, models: list[LanguageModel]) -> None:
    grand, secret, melange, matriochka = models
    for left, right in ((grand, secret), (melange, matriochka)):
        assert printed(reader, shared(left, right)) == [A4_POINTS]
        assert not is_cut(reader)


def test_a_result_with_its_texts_is_one_a4_page(reader: Page, models: list[LanguageModel]) -> None:
    grand, secret, melange, matriochka = models
    for left, right in ((grand, secret), (melange, matriochka)):
        assert printed(reader, shared(left, right, PARAGRAPH, ANSWER)) == [A4_POINTS]
        assert not is_cut(reader)
        for prose in reader.locator(".prose").all():
            assert prose.inner_text().count("le rouge passe.") == 1


@pytest.mark.parametrize("text", [LONG, PROGRAM * 30, "天" * 3000])
def test_texts_that_are_too_long_are_cut_on_paper_and_it_says_so(
    reader: Page, models: list[LanguageModel], text: str
) -> None:
    assert printed(reader, shared(models[0], models[1], PARAGRAPH * 20, text)) == [A4_POINTS]
    assert is_cut(reader)
    language = reader.locator("html").get_attribute("lang")
    expect(reader.locator(".texts-cut")).to_contain_text(TOO_LONG[str(language)])
    reader.emulate_media(media="screen")
    expect(reader.locator(".texts-cut")).to_be_hidden()


def test_wide_letters_open_no_second_page(reader: Page, models: list[LanguageModel]) -> None:
    assert printed(reader, shared(models[0], models[1], text="W" * 9000)) == [A4_POINTS]
    assert is_cut(reader)


def test_a_link_is_made_copied_and_withdrawn(page: Page, web: str, models: list[LanguageModel]) -> None:
    duel = played(models[2], models[3], visitor=cast.visitor_at(page, web))
    cast.vote(duel)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(duel.get_absolute_url())
    page.get_by_role("button", name="Partager", exact=True).click()
    link = page.get_by_label("Le lien de votre résultat")
    expect(link).to_be_focused()
    bare = link.input_value()
    page.get_by_text("Code QR, textes").click()
    expect(page.locator("#share .qr")).to_be_visible()
    page.get_by_role("checkbox", name="Montrer aussi la question et les réponses").check()
    expect(link).not_to_have_value(bare)
    assert Share.objects.get().with_text
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.get_by_role("button", name="Copié")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == link.input_value()
    expect(page.locator("[data-announcer]")).to_contain_text("Copié")
    expect(page.get_by_text("Qui a ce lien lit aussi la question et les réponses.")).to_be_visible()
    page.get_by_role("button", name="Ne plus partager").click()
    expect(link).to_have_count(0)
    expect(page.get_by_role("button", name="Partager", exact=True)).to_be_focused()
    assert not Share.objects.exists()


@pytest.mark.parametrize("is_phone", [True, False], ids=["phone", "computer"])
def test_on_a_phone_its_own_sheet_opens_first_with_the_sentence_and_the_link(
    browser: Browser, web: str, models: list[LanguageModel], is_phone: bool
) -> None:
    with browser.new_context(base_url=web, locale="fr-FR", has_touch=is_phone, is_mobile=is_phone) as context:
        context.add_init_script(
            "window.sheets = []; navigator.share = async (sheet) => { sheets.push(sheet) }"
        )
        page = context.new_page()
        duel = played(models[2], models[3], visitor=cast.visitor_at(page, web))
        cast.vote(duel)
        page.goto(duel.get_absolute_url())
        page.get_by_role("button", name="Partager", exact=True).click()
        link = page.get_by_label("Le lien de votre résultat").input_value()
        page.get_by_role("button", name="Envoyer").click()
        sheets = page.evaluate("sheets")
        assert [sheet["url"] for sheet in sheets] == ([link, link] if is_phone else [link])
        assert sheets[0]["text"].startswith("Avec l’énergie de cette réponse de Mélange-117B")


def test_without_a_sheet_of_its_own_a_browser_offers_the_link(
    page: Page, web: str, models: list[LanguageModel]
) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'share', { value: undefined })")
    duel = played(models[2], models[3], visitor=cast.visitor_at(page, web))
    cast.vote(duel)
    page.goto(duel.get_absolute_url())
    page.get_by_role("button", name="Partager", exact=True).click()
    expect(page.get_by_label("Le lien de votre résultat")).to_be_focused()
    expect(page.get_by_role("button", name="Envoyer")).to_be_hidden()


def test_without_scripts_sharing_is_a_plain_form(
    browser: Browser, web: str, models: list[LanguageModel]
) -> None:
    with browser.new_context(base_url=web, locale="fr-FR", java_script_enabled=False) as context:
        page = context.new_page()
        duel: Duel = played(models[2], models[3], visitor=cast.visitor_at(page, web))
        cast.vote(duel)
        page.goto(duel.get_absolute_url())
        page.get_by_role("button", name="Partager", exact=True).click()
        page.get_by_text("Code QR, textes").click()
        page.get_by_role("checkbox", name="Montrer aussi").check()
        page.get_by_role("button", name="Mettre à jour le lien").click()
        page.goto(page.get_by_label("Le lien de votre résultat").input_value())
        expect(page.get_by_text(cast.ANSWERS[0])).to_be_visible()
        expect(page.get_by_role("button", name="Imprimer")).to_have_count(0)
        page.goto(duel.get_absolute_url())
        page.get_by_role("checkbox", name="Montrer aussi").uncheck()
        page.get_by_role("button", name="Mettre à jour le lien").click()
        page.goto(page.get_by_label("Le lien de votre résultat").input_value())
        expect(page.get_by_text(cast.ANSWERS[0])).to_have_count(0)
