"""The drawings of the sprite: each is there for a template, and each that a template asks for is there."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template

ROOT = Path(__file__).resolve().parents[3]
SPRITE = (ROOT / "static/icons.svg").read_text(encoding="utf-8")
ASKED = re.compile(r'{% icon "([\w-]+)" %}')


def drawn() -> list[str]:
    return re.findall(r'<symbol id="([\w-]+)"', SPRITE)


def test_the_icons_that_are_drawn_are_those_that_pages_ask_for() -> None:
    pages = (ROOT / "templates").rglob("*.html")
    asked = {name for page in pages for name in ASKED.findall(page.read_text(encoding="utf-8"))}
    assert sorted(drawn()) == sorted(asked)


def test_the_sprite_stays_a_small_file() -> None:
    assert len(SPRITE.encode()) < 4_000


@pytest.mark.usefixtures("static_files")
def test_an_icon_is_for_the_eyes_only() -> None:
    html = Template('{% load icons %}{% icon "print" %}').render(Context())
    assert re.search(r'<use href="/static/icons\.[0-9a-f]+\.svg#print"/>', html)
    assert 'aria-hidden="true"' in html
