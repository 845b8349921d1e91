"""Where each answer was made, as the reveal says it."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from duels.models import Answer, Duel
from duels.reveal.method_versions import compare_methods
from duels.reveal.served_by import conditions_note, hosts_note, served_term
from duels.sharing import links
from science.energy import (
    CLOUD,
    Architecture,
    Hosting,
    ModelShape,
    estimate,
    own_server,
    ratio,
    this_computer,
)
from tests import cast
from tests.duels.reveal.stage import page_of, revealed_duel, words_of

LARGE, SMALL = ModelShape(Architecture.DENSE, 70.6), ModelShape(Architecture.DENSE, 3)
HERE = {"kind": "this_computer", "processor": "cpu", "served_bits": 4.0}
TIMED = HERE | {"elapsed_seconds": 9.0, "shared_seconds": 9.0, "writing_seconds": 8.0}
WORKED = TIMED | {"work_seconds": 6.0, "processor_seconds": 12.0, "prompt_seconds": 1.5}


def term_of(hosting: Hosting, stored: dict[str, Any], method: str = "physical-2026.2") -> tuple[str, str]:
    term = served_term([Answer(side="a", hosting=stored)], estimate(LARGE, 300, method, hosting=hosting))
    return term.value, term.caption.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("hosting", "stored", "words"),
    [
        (CLOUD, {"kind": "cloud"}, ("dans un nuage", "de 16 à 256 réponses à la fois, supposées")),
        (CLOUD, {}, ("inconnu", "compté comme dans un nuage")),
        (own_server("H100", 2, 12), {"kind": "own_server"}, ("sur 2 cartes H100", "12 réponses à la fois")),
        (
            own_server("L40S", 1, 1, is_measured=True),
            {"kind": "own_server"},
            ("sur une carte L40S", "1 réponse à la fois, d’après une mesure"),
        ),
        (own_server(), {"kind": "own_server"}, ("sur un serveur du site", "à la fois, supposées")),
        (this_computer(), HERE, ("sur cet ordinateur", "40 W (supposés), pendant un temps estimé")),
        (
            this_computer(work_seconds=6),
            WORKED,
            ("sur cet ordinateur", "6,0 s de travail, à 40 W (supposés)"),
        ),
        (this_computer(work_seconds=6), WORKED | {"power_watts": 40}, ("sur cet ordinateur", "(déclarés)")),
        (this_computer(work_seconds=6), WORKED | {"energy_j": 9.0}, ("sur cet ordinateur", "(mesurés")),
    ],
)
def test_the_place_is_a_card_of_the_equation(
    hosting: Hosting, stored: dict[str, Any], words: tuple[str, str]
) -> None:
    value, caption = term_of(hosting, stored)
    assert value == words[0]
    assert words[1] in caption


def test_no_card_is_named_that_was_not_declared() -> None:
    for hosting, stored in (
        (CLOUD, {"kind": "cloud"}),
        (own_server(), {"kind": "own_server"}),
        (CLOUD, HERE),
    ):
        assert "carte" not in " ".join(term_of(hosting, stored))


def test_a_method_that_knows_no_place_says_so() -> None:
    assert term_of(this_computer(), HERE, "ecologits-0.11.3")[1] == "cette méthode n’en tient pas compte"


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (this_computer(work_seconds=90), this_computer(work_seconds=5), ""),
        (own_server("H100", 2, 12), own_server("H100", 2, 12), ""),
        (CLOUD, CLOUD, "que personne ne publie : compte tenu de cela, entre"),
        (
            this_computer(work_seconds=900),
            CLOUD,
            "A a été écrite sur cet ordinateur, B dans un nuage : ainsi",
        ),
        (own_server("H100", 2, 1), own_server("H100", 2, 64), "chacune par sa machine, A a pris environ"),
    ],
)
def test_where_hosts_differ_one_more_line_has_the_wider_interval(
    first: Hosting, second: Hosting, words: str
) -> None:
    answers = estimate(LARGE, 300, hosting=first), estimate(SMALL, 300, hosting=second)
    note = hosts_note(ratio(*answers), [first, second]).replace("\u00a0", " ")
    assert words in note
    assert bool(note) == bool(words)


def test_below_four_times_different_hosts_are_of_the_same_order() -> None:
    answers = estimate(LARGE, 100), estimate(LARGE, 300)
    assert "du même ordre" in hosts_note(ratio(*answers), [CLOUD, CLOUD])
    assert hosts_note(None, [CLOUD, CLOUD]) == ""


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (CLOUD, CLOUD, ""),
        (this_computer(work_seconds=90), this_computer(work_seconds=5), ""),
        (
            this_computer(work_seconds=900),
            CLOUD,
            "Telles qu’elles ont été écrites : A sur cet ordinateur, B dans un nuage.",
        ),
        (
            own_server("H100", 2, 1),
            own_server("H100", 2, 64),
            "Telles qu’elles ont été écrites, chacune par sa machine.",
        ),
    ],
    ids=["clouds", "one-computer", "computer-cloud", "servers"],
)
def test_watt_hours_beside_a_picture_of_other_conditions_say_theirs(
    first: Hosting, second: Hosting, words: str
) -> None:
    answers = estimate(LARGE, 300, hosting=first), estimate(SMALL, 300, hosting=second)
    assert conditions_note(ratio(*answers), [first, second]).replace("\u00a0", " ") == words
    assert conditions_note(None, [first, second]) == ""


@pytest.mark.django_db
def test_the_first_screen_and_the_shared_page_say_the_conditions_of_their_watt_hours(client: Client) -> None:
    duel = demo(client, WORKED, {"kind": "cloud"})
    note = "Telles qu’elles ont été écrites : A sur cet ordinateur, B dans un nuage."
    assert words_of(client, duel).partition("« Avec l’énergie")[0].count(note) == 1
    shared = client.get(links.url_for(links.create_link(duel, with_text=False))).content.decode()
    assert " ".join(html.unescape(shared).split()).count(note) == 1
    in_english = client.get(duel.get_absolute_url(), headers={"Accept-Language": "en"}).content.decode()
    assert "As they were written: A on this computer, B in a cloud." in in_english


@pytest.mark.django_db
@pytest.mark.parametrize(("hosting", "is_said"), [({"kind": "cloud"}, False), (WORKED, True)])
def test_the_sentence_to_repeat_says_its_conditions_where_the_answers_had_others(
    client: Client, hosting: dict[str, Any], is_said: bool
) -> None:
    words = words_of(client, demo(client, hosting, {"kind": "cloud"}))
    sentence = words.partition("« Avec l’énergie")[2].partition("»")[0]
    assert "aurait répondu" in sentence
    assert sentence.strip().endswith("fois, à machine et charge égales.") is is_said


@pytest.mark.django_db
def test_the_demo_says_this_computer_and_names_no_card(client: Client) -> None:
    duel = demo(client, WORKED, WORKED)
    words = words_of(client, duel)
    assert words.count("sur cet ordinateur celui de ce site : 6,0 s de travail, à 40 W (supposés)") == 2
    assert "≈ Énergie 0,067 Wh entre 0,013 et 0,33 Wh" in words  # 40 W x 6 s / 3600
    assert "lire votre question 25 % écrire la réponse 75 %" in words
    assert words.count("4 bits, ceux du fichier servi") == 2
    assert "carte" not in words.partition("La même réponse, par chaque méthode")[0]
    assert "votre appareil" not in words and "Votre appareil" not in words
    assert "H100" not in words


@pytest.mark.django_db
def test_an_older_method_shows_no_cards_for_this_computer(client: Client) -> None:
    words = words_of(client, demo(client, WORKED, WORKED), "?method=physical-2026")
    assert "occuper" not in words.partition("Sur une même échelle")[0]


@pytest.mark.django_db
def test_an_old_duel_shows_both_methods_and_what_changed(client: Client) -> None:
    duel = demo(client, {}, {})
    Answer.objects.update(energy_method="physical-2026")
    page, words = page_of(client, duel), words_of(client, duel)
    assert "Depuis, il y a la méthode physique 2026.2" in words
    assert "?method=physical-2026.2#method" in page
    assert "Les jetons lus, question et historique, sont comptés" in words
    table = words.partition("La même réponse, par chaque méthode")[2].partition("Un seul facteur")[0]
    assert table.index("Physique 2026.2") < table.index("Physique 2026 ") < table.index("EcoLogits")
    newer = words_of(client, duel, "?method=physical-2026.2")
    assert "Ce duel a été joué avec la méthode physique 2026." in newer
    assert "Depuis, il y a" not in newer


@pytest.mark.django_db
def test_the_machine_readable_reveal_and_the_shared_sheet_agree_with_the_page(client: Client) -> None:
    duel = demo(client, WORKED, {"kind": "cloud"})
    found = client.get(reverse("duels:reveal_json", args=[duel.code])).json()
    assert found["hosts_differ"] is True
    assert found["sides"]["a"]["hosting"] == {
        "kind": "this_computer",
        "processor": "cpu",
        "power_w": {"low": 8.0, "mid": 40.0, "high": 200.0},
        "work_seconds": 6.0,
        "prompt_share": 0.25,
    }
    assert found["sides"]["b"]["hosting"] == {"kind": "cloud"}
    assert found["sides"]["a"]["energy_wh"]["mid"] == pytest.approx(40 * 6 / 3600)
    printed = words_of(client, duel)
    sheet = client.get(reverse("duels:printable", args=[duel.code])).content.decode()
    [note] = re.findall(r"A a été écrite sur cet ordinateur, B dans un nuage.+? fois\)\.", printed)
    assert note in " ".join(sheet.split()).replace("\u00a0", " ").replace("&nbsp;", " ")


def test_every_method_computes_the_same_stored_answer() -> None:
    rows = compare_methods([estimate(LARGE, 300, tokens_in=40), estimate(LARGE, 300, tokens_in=40)])
    assert [row.label for row in rows][:2] == ["physique 2026.2", "physique 2026"]
    assert all(row.cells[0] == row.cells[1] and row.cells[2] == "autant" for row in rows)


def demo(client: Client, first: dict[str, Any], second: dict[str, Any]) -> Duel:
    """A duel voted on, in four bits where the file was run here."""
    duel = revealed_duel(client, cast.grand_70b(), cast.petit_3b())
    for answer, hosting in zip(Answer.objects.order_by("side"), (first, second), strict=True):
        answer.hosting = hosting
        answer.shape["weight_bits"] = hosting.get("served_bits", 16.0)
        answer.save()
    return duel
