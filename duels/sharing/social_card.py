"""The preview picture of a shared result: figure, areas to scale, both models, the vote; 1200 × 630 pixels.

Rendered in some 50 ms, then cached per process and language, the last CACHED_CARDS of them.
"""

import io
import math
import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw, ImageFont

from duels.reveal import Reveal, RevealSide
from duels.reveal.ratio_picture import HEIGHT as FIELD_HEIGHT
from duels.reveal.ratio_picture import WIDTH as FIELD_WIDTH
from duels.reveal.ratio_picture import RatioPicture, Rectangle
from web.formatting import label_value

WIDTH, HEIGHT, MARGIN = 1200, 630, 80
CACHED_CARDS = 128  # of some 25 kB each
COLOURS = 64  # letters look smooth, at a third of the weight of full colour
SUPERSAMPLING = 3  # shapes are drawn so many times larger, then reduced: Pillow's own edges are jagged

FONTS = Path(__file__).parent / "fonts"
SERIF = "literata-latin-700-normal.woff"
SANS = "public-sans-latin-400-normal.woff"
SANS_BOLD = "public-sans-latin-600-normal.woff"
# What these fonts hold of what a name may be made of; any other name gives way to the model's identifier.
DRAWABLE = re.compile(r"[ -~\u00a0-\u00ac\u00ae-\u00ffŒœ‘’“”–—…]+")

# As in static/css/tokens.css, by day.
PAPER, WHITE, INK, INK_SOFT = "#faf9f6", "#ffffff", "#1c1d22", "#5d606b"
SIDE_COLOURS = {"A": "#2b50d8", "B": "#b3500f"}

NAME_SIZES, RANGE_SIZES, HEADLINE_SIZES = (38, 32, 28), (28, 25, 22), (28, 26, 24)
LONG_NAME_SIZE, LONG_NAME_LEADING = 27, 31  # on two lines
LINES_FROM = 6  # side of a square in pixels; smaller ones are drawn as one surface
BOX_WIDTH, BOX_HEIGHT, BOX_TOP = 505, 206, 312
FIELD_LEFT, FIELD_TOP, FIELD_SCALE = 790, 92, 0.55  # of the drawing of the page
FIELD_ZOOM = FIELD_SCALE * SUPERSAMPLING
BOX_LEFT = {"A": MARGIN, "B": WIDTH - MARGIN - BOX_WIDTH}


@dataclass(frozen=True, slots=True)
class CardSide:
    """One model: name, energy and its range; badge when the vote chose it."""

    letter: str
    name: str
    energy: str
    range: str
    badge: str


@dataclass(frozen=True, slots=True)
class CardText:
    """All the texts of a card, in one language; figure is empty and picture None without a clear ratio.

    conditions: why the energies are not in that ratio, or nothing.
    """

    tagline: str
    figure: str
    headline: str
    picture: RatioPicture | None
    sides: tuple[CardSide, ...]
    verdict: str
    conditions: str


def card_text(reveal: Reveal) -> CardText:
    return CardText(
        tagline=_("Deux IA, un vote à l’aveugle"),
        figure=f"× {reveal.moment.factor_label}" if reveal.moment.factor_label else "",
        headline=reveal.headline,
        picture=reveal.moment.picture,
        sides=tuple(_card_side(side) for side in reveal.sides),
        verdict=label_value(_("Le vote"), reveal.choice_label),
        conditions=reveal.conditions_note,
    )


def _card_side(side: RevealSide) -> CardSide:
    name = side.model.name if DRAWABLE.fullmatch(side.model.name) else side.model.slug
    shown_range = side.energy.caption
    if side.undisclosed:
        shown_range = _("%(range)s, taille supposée") % {"range": shown_range}
    badge = _("Préférée") if side.chosen else ""
    return CardSide(side.letter, name, side.energy.value, shown_range, badge)


@lru_cache(maxsize=CACHED_CARDS)
def render_card(text: CardText) -> bytes:
    """The card as a PNG."""
    image = _background().copy()
    pen = ImageDraw.Draw(image)
    _write_head(image, text)
    for side in text.sides:
        _write_side(pen, side)
    pen.text((MARGIN, 562), _plain(text.verdict), INK, _font(SANS_BOLD, 36), anchor="lm")
    _write_fitting(pen, (MARGIN, 602), text.conditions, INK_SOFT, (SANS, RANGE_SIZES), WIDTH - MARGIN)
    return _png(image)


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def _write_head(image: Image.Image, text: CardText) -> None:
    """The site's name, what this is, then the figure beside its picture, or the headline alone."""
    pen = ImageDraw.Draw(image)
    pen.text((158, 82), settings.SITE_NAME, INK, _font(SANS_BOLD, 36), anchor="lm")
    if text.picture:
        colour = SIDE_COLOURS[text.picture.hungrier.upper()]
        pen.text((MARGIN, 180), _plain(text.figure), colour, _font(SERIF, 108), anchor="lm")
        _write_fitting(pen, (MARGIN, 268), text.headline, INK, (SANS, HEADLINE_SIZES), FIELD_LEFT - 30)
        draw_areas(image, text.picture)
        _write_frugal_letter(pen, text.picture)
        return
    pen.text((WIDTH - MARGIN, 82), _plain(text.tagline), INK_SOFT, _font(SANS, 28), anchor="rm")
    _write_lines(pen, text.headline, _font(SERIF, 58), WIDTH - 2 * MARGIN, (174, 246))


def _write_lines(
    pen: ImageDraw.ImageDraw, words: str, font: ImageFont.FreeTypeFont, width: float, middles: tuple[int, int]
) -> None:
    """The words on one line or two, whose middles are given."""
    lines = _balanced(_plain(words), font, width)
    places = middles if len(lines) == 2 else (sum(middles) / 2,)
    for line, middle in zip(lines, places, strict=True):
        pen.text((MARGIN, middle), line, INK, font, anchor="lm")


def draw_areas(image: Image.Image, picture: RatioPicture) -> None:
    """The areas to scale: the square of the frugal answer, and the field of the other."""
    hungrier, frugal = SIDE_COLOURS[picture.hungrier.upper()], SIDE_COLOURS[picture.frugal.upper()]
    size = round(FIELD_WIDTH * FIELD_ZOOM), round(FIELD_HEIGHT * FIELD_ZOOM)
    large = Image.new("RGB", size, PAPER)
    pen = ImageDraw.Draw(large)
    for row in picture.rows:
        pen.rectangle(_zoomed(row), hungrier)
    pen.rectangle(_zoomed(picture.square), frugal)
    if picture.square.width * FIELD_SCALE >= LINES_FROM:
        _part_squares(pen, picture)
    image.paste(large.reduce(SUPERSAMPLING), (FIELD_LEFT, FIELD_TOP))


def _part_squares(pen: ImageDraw.ImageDraw, picture: RatioPicture) -> None:
    """The lines between the squares of the field, and as much around the other square."""
    cell, field, square = picture.square.width, picture.rows[0], picture.square
    top = min(row.y for row in picture.rows)
    width = max(2, round(picture.line_width * FIELD_ZOOM))
    for column in range(round(field.width / cell) + 1):
        pen.line(_zoomed(Rectangle(field.x + column * cell, top, 0, FIELD_HEIGHT - top)), PAPER, width)
    for row in range(round((FIELD_HEIGHT - top) / cell) + 1):
        pen.line(_zoomed(Rectangle(field.x, FIELD_HEIGHT - row * cell, field.width, 0)), PAPER, width)
    pen.rectangle(_zoomed(square), None, PAPER, width // 2)


def _zoomed(area: Rectangle) -> tuple[float, float, float, float]:
    """The edges of a part of the drawing, in supersampled pixels: left, top, right, bottom."""
    right, bottom = (area.x + area.width) * FIELD_ZOOM, (area.y + area.height) * FIELD_ZOOM
    left, top = area.x * FIELD_ZOOM, area.y * FIELD_ZOOM
    return left, top, max(left, right - 1), max(top, bottom - 1)


def _write_frugal_letter(pen: ImageDraw.ImageDraw, picture: RatioPicture) -> None:
    """The letter of the frugal answer, in its square or above a small one."""
    x, y = picture.frugal_letter
    place = (FIELD_LEFT + x * FIELD_SCALE, FIELD_TOP + y * FIELD_SCALE)
    if picture.is_pointed:
        pen.line((*place, place[0], FIELD_TOP + picture.square.y * FIELD_SCALE), INK, 2)
        pen.circle(place, 17, SIDE_COLOURS[picture.frugal.upper()])
    pen.text(place, picture.frugal.upper(), WHITE, _font(SANS_BOLD, 22), anchor="mm")


def _balanced(words: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """The text on one line if it fits or has no space, else on the two lines that are most alike."""
    spaces = [place.start() for place in re.finditer(" ", words)]
    if font.getlength(words) <= width or not spaces:
        return [_shortened(words, font, width)]
    half = font.getlength(words) / 2
    behind = bisect_left(spaces, half, key=lambda place: font.getlength(words[:place]))
    breaks = [[words[:place], words[place + 1 :]] for place in spaces[max(0, behind - 1) : behind + 1]]
    best = min(breaks, key=lambda lines: max(map(font.getlength, lines)))
    return [_shortened(line, font, width) for line in best]


def _shortened(words: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """The text, or as much of it as leaves room for an ellipsis."""
    if font.getlength(words) <= width:
        return words
    longest = bisect_right(
        range(len(words)), width, key=lambda end: font.getlength(f"{words[:end].rstrip()}…")
    )
    return f"{words[: max(0, longest - 1)].rstrip()}…"


def _plain(words: str) -> str:
    """Replace narrow no-break spaces, which the fonts lack."""
    return words.replace("\u202f", "\u00a0")


def _write_side(pen: ImageDraw.ImageDraw, side: CardSide) -> None:
    """The texts of one of the two boxes."""
    left, right = BOX_LEFT[side.letter] + 28, BOX_LEFT[side.letter] + BOX_WIDTH - 28
    pen.text((left + 26, BOX_TOP + 56), side.letter, WHITE, _font(SANS_BOLD, 28), anchor="mm")
    _write_name(pen, (left + 72, BOX_TOP + 55), side.name, right)
    pen.text(
        (left, BOX_TOP + 120),
        _plain(side.energy),
        SIDE_COLOURS[side.letter],
        _font(SANS_BOLD, 46),
        anchor="lm",
    )
    _write_fitting(pen, (left, BOX_TOP + 170), side.range, INK_SOFT, (SANS, RANGE_SIZES), right)
    if side.badge:
        _write_badge(pen, side.badge, right)


def _write_name(pen: ImageDraw.ImageDraw, start: tuple[float, float], name: str, right: float) -> None:
    """The name on one line, or on two that are smaller where it would be shortened."""
    (left, middle), long = start, _font(SERIF, LONG_NAME_SIZE)
    lines = _balanced(_plain(name), long, right - left)
    if len(lines) == 1 or _font(SERIF, NAME_SIZES[-1]).getlength(_plain(name)) <= right - left:
        _write_fitting(pen, start, name, INK, (SERIF, NAME_SIZES), right)
        return
    for line, up in zip(lines, (-1, 1), strict=True):
        pen.text((left, middle + up * LONG_NAME_LEADING / 2), line, INK, long, anchor="lm")


def _write_fitting(
    pen: ImageDraw.ImageDraw,
    start: tuple[float, float],
    words: str,
    colour: str,
    letters: tuple[str, tuple[int, ...]],
    right: float,
) -> None:
    """The words up to `right`, in the largest letters that hold them, or shortened in the smallest."""
    name, sizes = letters
    words, width = _plain(words), right - start[0]
    fonts = [_font(name, size) for size in sizes]
    font = next((font for font in fonts if font.getlength(words) <= width), fonts[-1])
    pen.text(start, _shortened(words, font, width), colour, font, anchor="lm")


def _write_badge(pen: ImageDraw.ImageDraw, words: str, right: float) -> None:
    font = _font(SANS_BOLD, 26)
    frame = (right - font.getlength(words) - 36, BOX_TOP + 98, right, BOX_TOP + 142)
    pen.rounded_rectangle(frame, 22, PAPER, INK_SOFT)
    pen.text((right - 18, BOX_TOP + 120), words, INK, font, anchor="rm")


@cache
def _background() -> Image.Image:
    """The part common to all cards: paper, logo, two boxes and the circles of their letters."""
    large = Image.new("RGB", (WIDTH * SUPERSAMPLING, HEIGHT * SUPERSAMPLING), PAPER)
    pen = ImageDraw.Draw(large)
    _draw_mark(pen)
    for letter, left in BOX_LEFT.items():
        box = (*_scaled(left, BOX_TOP), *_scaled(left + BOX_WIDTH, BOX_TOP + BOX_HEIGHT))
        pen.rounded_rectangle(box, 18 * SUPERSAMPLING, WHITE, SIDE_COLOURS[letter], 3 * SUPERSAMPLING)
        pen.circle(_scaled(left + 54, BOX_TOP + 56), 26 * SUPERSAMPLING, SIDE_COLOURS[letter])
    return large.resize((WIDTH, HEIGHT), Image.Resampling.BOX)


def _draw_mark(pen: ImageDraw.ImageDraw) -> None:
    """The logo: two discs without their intersection, which is erased line by line."""
    (left, middle), (right, _), radius = _scaled(99, 82), _scaled(120.6, 82), 19.8 * SUPERSAMPLING
    pen.circle((left, middle), radius, SIDE_COLOURS["A"])
    pen.circle((right, middle), radius, SIDE_COLOURS["B"])
    for line in range(round(middle - radius), round(middle + radius) + 1):
        half = math.sqrt(max(radius**2 - (line - middle) ** 2, 0))
        if right - half < left + half:
            pen.line((right - half, line, left + half, line), PAPER)


def _scaled(x: float, y: float) -> tuple[float, float]:
    return x * SUPERSAMPLING, y * SUPERSAMPLING


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / name, size)
