"""The card of a result: the words of its reveal, in bounds whatever the models' names, small and cached."""

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.utils.translation import override
from PIL import Image, ImageChops, ImageColor, ImageFont

from duels.models import Answer, Duel, Vote
from duels.queries import load_answers
from duels.reveal import reveal
from duels.reveal.ratio_picture import square_field
from duels.sharing import social_card
from duels.sharing.social_card import BOX_TOP, CardText, card_text, render_card
from models_registry.models import LanguageModel
from tests import cast
from tests.duels.reveal.stage import played

pytestmark = pytest.mark.django_db

CARD_BYTES = 40_000
NAMES = (180, BOX_TOP + 20, 1200 - 80 - 28, BOX_TOP + 90)  # where both names stand: left, top, right, bottom
A_SHADE = 40  # each card has a palette of its own
TOKENS_CSS = Path(__file__).parents[3] / "static/css/tokens.css"
HOSTILE_NAMES = {
    "much too long": "W" * 120,
    "in words": "Modèle de langue très très long " * 3,
    "right to left": "\u202eGrand",
    "far east": "通义千问",
    "emoji": "🦙 Lama",
    "combined": "e\u0301\u0301\u0301" * 20,
}


def words(left: LanguageModel, right: LanguageModel, choice: Vote.Choice = Vote.Choice.B) -> CardText:
    """The words on the card of their duel."""
    duel = played(left, right)
    cast.vote(duel, choice)
    return card_text(reveal(load_answers(Duel.objects.select_related("vote").get(pk=duel.pk))))


def picture(text: CardText) -> Image.Image:
    return Image.open(io.BytesIO(render_card(text))).convert("RGB")


def difference(one: CardText, other: CardText) -> tuple[int, int, int, int]:
    """Where the cards of two texts differ: left, top, right, bottom."""
    found = ImageChops.difference(picture(one), picture(other)).convert("L")
    box = found.point(lambda level: 255 if level > A_SHADE else 0).getbbox()
    assert box
    return box


def test_a_card_says_what_the_reveal_says() -> None:
    text = words(cast.grand_70b(), cast.petit_3b())
    assert text.headline == "A a demandé environ 12\u00a0fois plus d’énergie que B"
    assert text.figure == "× 12"
    assert text.verdict == "Le vote\u00a0: B est meilleure"
    assert [side.name for side in text.sides] == ["Grand-70B", "Petit-3B"]
    assert [side.badge for side in text.sides] == ["", "Préférée"]
    shown = reveal(load_answers(Duel.objects.select_related("vote").get()))
    assert [side.energy for side in text.sides] == [side.energy.value for side in shown.sides]
    assert [side.range for side in text.sides] == [side.energy.caption for side in shown.sides]


def test_a_card_draws_both_energies_to_scale() -> None:
    image = picture(words(cast.grand_70b(), cast.petit_3b()))
    box = (social_card.FIELD_LEFT, social_card.FIELD_TOP, 1200, BOX_TOP - 4)
    found = image.crop(box).getcolors(maxcolors=2**16) or []
    pixels = {colour: count for count, colour in found}
    counts = [pixels[ImageColor.getrgb(social_card.SIDE_COLOURS[letter])] for letter in "AB"]
    assert counts[0] / counts[1] == pytest.approx(12, rel=0.5)  # a letter stands on B's square


@pytest.mark.parametrize(("count", "precision"), [(2.4, 0.02), (40, 0.05), (290, 0.1), (1400, 0.2)])
def test_the_field_is_as_many_times_the_square_as_its_figure_says(count: float, precision: float) -> None:
    image = Image.new("RGB", (1200, 630), social_card.PAPER)
    social_card.draw_areas(image, square_field(count, hungrier="b", frugal="a"))
    counts = image.getcolors(maxcolors=2**16) or []
    assert ink(counts, "B") / ink(counts, "A") == pytest.approx(count, rel=precision)


def ink(counts: list[tuple[int, Any]], letter: str) -> float:
    """How many whole pixels of a side's colour; those at an edge are mixed with the paper."""
    paper = np.array(ImageColor.getrgb(social_card.PAPER))
    sides = [np.array(ImageColor.getrgb(social_card.SIDE_COLOURS[side])) - paper for side in "AB"]
    colours = np.array([colour for _count, colour in counts]) - paper
    shares = np.linalg.lstsq(np.stack(sides, axis=1), colours.T, rcond=None)[0]
    return float(shares["AB".index(letter)] @ [count for count, _colour in counts])


def test_a_long_name_is_written_whole_on_two_lines() -> None:
    words(cast.grand_70b(), cast.petit_3b())
    LanguageModel.objects.filter(slug="grand-70b").update(name="Qwen3 235B A22B Instruct 2507")
    long = card_text(reveal(load_answers(Duel.objects.select_related("vote").get())))
    shorter = replace(long, sides=(replace(long.sides[0], name=long.sides[0].name[:-1]), long.sides[1]))
    _left, top, _right, bottom = difference(long, shorter)
    assert BOX_TOP + 55 < top < bottom < NAMES[3]  # its last letter stands on a second line


def test_a_card_says_why_its_energies_are_not_in_the_ratio_of_its_figure() -> None:
    duel = played(cast.grand_70b(), cast.petit_3b())
    assert words(cast.melange_117b(), cast.secret()).conditions == ""
    Answer.objects.filter(turn__duel=duel, side="b").update(hosting={"kind": "this_computer"})
    cast.vote(duel)
    text = card_text(reveal(load_answers(Duel.objects.select_related("vote").get(pk=duel.pk))))
    assert text.conditions == "Telles qu’elles ont été écrites : A dans un nuage, B sur cet ordinateur."
    assert picture(text) != picture(replace(text, conditions=""))


def test_a_card_speaks_english_too() -> None:
    duel = played(cast.grand_70b(), cast.petit_3b())
    cast.vote(duel, Vote.Choice.BOTH_GOOD)
    with override("en"):
        text = card_text(reveal(load_answers(Duel.objects.select_related("vote").get())))
    assert text.headline == "A used about 12\u00a0times as much energy as B"
    assert text.verdict == "The vote: Equally good"


def test_an_assumed_size_is_said_to_be_one() -> None:
    text = words(cast.secret(), cast.petit_3b())
    assert text.sides[0].range.endswith(", taille supposée")
    assert "supposée" not in text.sides[1].range


def test_a_side_that_wrote_nothing_has_its_card() -> None:
    duel = cast.make_duel(cast.grand_70b(), cast.petit_3b(), texts=("Bonjour.", ""))
    cast.vote(duel)
    text = card_text(reveal(load_answers(Duel.objects.select_related("vote").get())))
    assert text.sides[1].range == "rien n’a été écrit"
    assert picture(text).size == (1200, 630)


def test_a_card_is_a_png_of_the_size_messengers_want_and_weighs_little() -> None:
    png = render_card(words(cast.grand_70b(), cast.secret()))
    assert (Image.open(io.BytesIO(png)).format, Image.open(io.BytesIO(png)).size) == ("PNG", (1200, 630))
    assert len(png) < CARD_BYTES


def test_a_card_is_drawn_once() -> None:
    text = words(cast.grand_70b(), cast.petit_3b())
    assert render_card(text) is render_card(replace(text))


@pytest.mark.parametrize("name", HOSTILE_NAMES.values(), ids=HOSTILE_NAMES.keys())
def test_a_name_stays_in_its_box(name: str) -> None:
    text = words(cast.grand_70b(), cast.petit_3b())
    LanguageModel.objects.update(name=name)
    duel = load_answers(Duel.objects.select_related("vote").get())
    renamed = card_text(reveal(duel))
    left, top, right, bottom = difference(text, renamed)
    assert left >= NAMES[0] and top >= NAMES[1] and right <= NAMES[2] and bottom <= NAMES[3]
    assert len(render_card(renamed)) < CARD_BYTES


def test_a_name_that_the_fonts_cannot_write_gives_way_to_the_identifier() -> None:
    text = words(cast.grand_70b(), cast.petit_3b())
    LanguageModel.objects.filter(slug="grand-70b").update(name="通义千问")
    renamed = card_text(reveal(load_answers(Duel.objects.select_related("vote").get())))
    assert [side.name for side in renamed.sides] == ["grand-70b", text.sides[1].name]


@pytest.mark.parametrize("file", [social_card.SERIF, social_card.SANS, social_card.SANS_BOLD])
def test_the_fonts_hold_every_letter_of_a_name_that_is_written(file: str) -> None:
    font = ImageFont.truetype(social_card.FONTS / file, 40)
    nothing = bytes(font.getmask("\U0010ffff"))
    letters = [chr(code) for code in range(0x21, 0x2100) if social_card.DRAWABLE.fullmatch(chr(code))]
    assert [
        letter for letter in letters if bytes(font.getmask(letter)) == nothing and letter != "\u00a0"
    ] == []
    assert len(letters) > 180


def test_the_colours_are_those_of_the_pages_by_day() -> None:
    light = TOKENS_CSS.read_text().partition("@media")[0]
    colours = dict(re.findall(r"--([\w-]+): (#\w+);", light))
    of_the_card = {
        "paper": social_card.PAPER, "card": social_card.WHITE, "ink": social_card.INK,
        "ink-soft": social_card.INK_SOFT,
        "a": social_card.SIDE_COLOURS["A"], "b": social_card.SIDE_COLOURS["B"],
    }  # fmt: skip
    assert of_the_card == {name: colours[name] for name in of_the_card}
