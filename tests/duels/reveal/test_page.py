"""The reveal as its page tells it, for each kind of model."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from duels.models import Answer, Duel, Guess, Turn
from models_registry.models import LanguageModel
from tests import cast
from tests.duels.reveal.stage import page_of, revealed_duel, words_of

pytestmark = pytest.mark.django_db
ECOLOGITS = "?method=ecologits-0.11.3"


def test_a_dense_model_against_a_matformer(client: Client) -> None:
    duel = revealed_duel(client, cast.grand_70b(), cast.matriochka_8b())
    words = words_of(client, duel)
    # 312 tokens x 0.867 J x 1.7 / 3600 s, and 268 x 0.0933 J x 1.7 / 3600 s: the method on paper.
    assert "× 11 d’énergie pour la réponse de Grand-70B" in words
    assert "« Avec l’énergie de cette réponse de Grand-70B, Matriochka-8B aurait répondu 11 fois. »" in words
    assert "À machine et charge égales, entre 5,4 et 22 fois" in words
    assert "Pourquoi ? Taille × 6,8 Architecture × 1,4 Longueur × 1,2 ≈ × 11" in words
    assert "Taille 70,55 Md de paramètres, tous utilisés pour chaque jeton × Longueur 312 jetons" in words
    assert "≈ Énergie 0,13 Wh entre 0,025 et 0,73 Wh" in words
    assert "Taille 7,85 Md de paramètres au total × Longueur 268 jetons" in words
    assert "× Architecture ÷ 1,4 MatFormer : 4 Md seulement font les calculs" in words
    assert "≈ Énergie 0,012 Wh entre 0,0045 et 0,047 Wh" in words
    assert "lire votre question moins de 1 % relire le modèle 53 % calculer 20 % occuper 4" in words
    assert "Votre vote : B est meilleure" in words


def test_each_closed_fold_says_what_is_in_it(client: Client) -> None:
    page = page_of(client, revealed_duel(client, cast.grand_70b(), cast.matriochka_8b()))
    lines = [" ".join(re.sub(r"<[^>]+>", " ", summary).split()) for summary in summaries_of(page)]
    assert lines == [
        "L’équation de chaque réponse A 70,55 Md × 312 jetons B 7,85 Md × 268 jetons",
        "Sur une même échelle A entre 0,025 et 0,73 Wh B entre 0,0045 et 0,047 Wh",
        "Ce que cela représente Un trajet à vélo électrique A 13 m B 1,2 m",
        "Comment est-ce calculé ? Physique 2026.2 A : × 11 Physique 2026 A : × 11 EcoLogits 0.11.3 A : × 9,1",
    ]


def test_a_fold_about_a_silent_side_says_so(client: Client) -> None:
    page = page_of(client, revealed_duel(client, cast.petit_3b(), cast.grand_70b(), tokens=(0, 268)))
    equations = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", summaries_of(page)[0]))
    assert "A rien n’a été écrit B 70,55 Md × 268 jetons" in equations


def summaries_of(page: str) -> list[str]:
    """The summaries of the folds of the reveal."""
    return re.findall(r"<summary>\s*(<h3.*?)</summary>", page, re.DOTALL)


def test_no_heading_of_an_equation_is_at_the_level_of_its_fold(client: Client) -> None:
    duel = revealed_duel(client, cast.petit_3b(), cast.grand_70b(), reasoning=(900, 0))
    fold = page_of(client, duel).partition('<h3 id="equations">')[2].partition("</details>")[0]
    assert re.findall(r"<h(\d)>", fold) == ["4", "4"]


def test_the_texts_are_published_where_they_are_read(client: Client) -> None:
    page = page_of(client, revealed_duel(client, cast.grand_70b(), cast.petit_3b()))
    assert page.index('class="share"') < page.index('id="why"') < page.index('id="answer-1-b"')
    assert page.index('id="answer-1-b"') < page.index('id="open-texts"')


def test_a_mixture_shows_what_its_architecture_saves(client: Client) -> None:
    words = words_of(client, revealed_duel(client, cast.melange_117b(), cast.petit_3b()))
    assert "117,3 Md de paramètres au total" in words
    assert "mélange d’experts : 11,9 Md seulement travaillent à chaque jeton" in words
    assert "S’il était dense ×" in words and "déjà dense" in words


def test_an_undisclosed_model_looks_different_and_says_why(client: Client) -> None:
    duel = revealed_duel(client, cast.secret(), cast.petit_3b())
    page, words = page_of(client, duel), words_of(client, duel)
    assert "Taille supposée 90 Md à 610 Md" in words
    assert "la vraie taille n’est pas publiée" in words
    assert "Pourquoi cette hypothèse ? Le prix et la vitesse de ses réponses." in words
    assert "16 bits, supposés" in words
    assert "Comptoir Bouche-Cousue ne publie pas la taille de Secret-Un : c’est une hypothèse." in words
    assert "Petit-3B aurait peut-être répondu" in words
    assert page.count("reveal-side card side-a undisclosed") == 1
    assert "side-b undisclosed" not in page
    assert page.count('fill="url(#hatch)"') == 3  # its field, its parts and its range


def test_hidden_reasoning_is_counted_and_shown_apart(client: Client) -> None:
    duel = revealed_duel(client, cast.petit_3b(), cast.grand_70b(), reasoning=(900, 0))
    words = words_of(client, duel)
    assert "1 212 jetons, dont 900 de réflexion avant la réponse" in words
    assert "la réponse lue 26 %" in words
    assert re.search(r"la réflexion d’avant, soit environ [\d,]+ Wh 74 %", words)
    assert words.count("Dont la réflexion, avant la réponse") == 1


def test_a_side_that_wrote_nothing_is_shown_without_figures(client: Client) -> None:
    duel = revealed_duel(client, cast.petit_3b(), cast.grand_70b(), tokens=(0, 268))
    words = words_of(client, duel, "?electricity=FRA")
    assert "Une seule réponse : rien à comparer" in words
    assert "Rien n’a été écrit" in words


def test_no_energy_is_shown_with_more_than_two_significant_digits(client: Client) -> None:
    duel = revealed_duel(client, cast.melange_117b(), cast.secret(), tokens=(1234, 8765), reasoning=(0, 4321))
    for query in ("", ECOLOGITS):
        energies = re.findall(r"([\d,]+) Wh", words_of(client, duel, query))
        assert energies
        assert [energy for energy in energies if len(energy.replace(",", "").strip("0")) > 2] == []


def test_co2_waits_for_an_electricity(client: Client) -> None:
    duel = revealed_duel(client, cast.grand_70b(), cast.petit_3b())
    assert " mg " not in words_of(client, duel)
    assert "CO₂e, avec cette électricité : France" in words_of(client, duel, "?electricity=FRA")
    assert "CO₂e, avec cette électricité" not in words_of(client, duel, "?electricity=XYZ")


def test_the_other_method_is_named_and_every_link_keeps_it(client: Client) -> None:
    duel = revealed_duel(client, cast.grand_70b(), cast.petit_3b())
    page, words = page_of(client, duel, ECOLOGITS), words_of(client, duel, ECOLOGITS)
    assert "Ces chiffres viennent de la méthode EcoLogits 0.11.3." in words
    assert "Ce duel a été joué avec la méthode physique 2026.2." in words
    assert "faire tourner le serveur" in words
    assert '<details class="fold method card" id="method" open>' in page
    assert '<input type="hidden" name="method" value="ecologits-0.11.3">' in page
    assert page.count(f"/second-vote/{ECOLOGITS}") == 2
    assert "Ces chiffres viennent" not in words_of(client, duel, "?method=magique")


def test_an_old_duel_keeps_its_facts_and_its_method_whatever_changes_later(client: Client) -> None:
    duel = revealed_duel(client, cast.grand_70b(), cast.petit_3b())
    Answer.objects.update(energy_method="ecologits-0.11.3")
    stored = list(Answer.objects.order_by("pk").values())
    LanguageModel.objects.filter(slug="grand-70b").update(total_params_b=12.0, weight_bits=4)
    words = words_of(client, duel)
    assert "70,55 Md" in words and "12 Md" not in words
    assert "Estimation par la méthode EcoLogits 0.11.3 (version 0.11.3, du 14 octobre 2026)" in words
    words_of(client, duel, "?method=physical-2026&electricity=USA")
    assert list(Answer.objects.order_by("pk").values()) == stored


def test_the_guess_is_scored_beside_the_headline(client: Client) -> None:
    duel = revealed_duel(client, cast.grand_70b(), cast.matriochka_8b())
    Guess.objects.create(duel=duel, side="a", factor=10)
    assert "Pari gagné ! Vous aviez dit : A, 10 fois plus." in words_of(client, duel)


def test_more_turns_ask_the_database_no_more(client: Client) -> None:
    left, right = cast.grand_70b(), cast.secret()
    short, long = revealed_duel(client, left, right), revealed_duel(client, left, right)
    for _ in range(4):
        cast.add_turn(long, left, right)
    assert Turn.objects.filter(duel=long).count() == 5
    LanguageModel.objects.playable().keep_listed()  # else the first page does
    counted = queries_of(lambda: page_of(client, short)), queries_of(lambda: page_of(client, long))
    assert counted[0] == counted[1] <= 5


def queries_of(read: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        read()
    return len(queries)


def test_a_count_of_ours_says_with_which_vocabulary(client: Client) -> None:
    duel = revealed_duel(client, cast.grand_70b(tokenizer_family="tekken"), cast.petit_3b())
    Answer.objects.filter(turn__duel=duel).update(
        count_source=Answer.CountSource.COUNTED, vocabulary="tekken"
    )
    words = words_of(client, duel)
    assert "comptés par nous avec son vocabulaire, Tekken" in words
    assert "comptés par nous avec Tekken, faute de son vocabulaire" in words


def test_what_the_reader_could_have_chosen_otherwise(client: Client) -> None:
    words = words_of(client, revealed_duel(client, cast.petit_3b(), cast.matriochka_8b(), reasoning=(900, 0)))
    section = words.partition("Et si… ?")[2].partition("Sachant cela")[0]
    assert "deux fois plus courte" in section
    assert "sans la réflexion" in section
    assert "sur un ordinateur portable" in section
    assert " par " not in section


def test_a_smaller_model_of_the_same_maker_is_another_choice(client: Client) -> None:
    cast.make_model(
        "grand-8b",
        "Grand-8B",
        "Ateliers Hautemer",
        cast.NOWHERE,
        {"total_params_b": 8, "architecture": "dense"},
    )
    words = words_of(client, revealed_duel(client, cast.petit_3b(), cast.grand_70b()))
    assert "par Grand-8B" in words
    assert "sans la réflexion" not in words.partition("Et si… ?")[2].partition("Sachant cela")[0]


def test_the_other_answer_is_on_the_scale_of_these_choices(client: Client) -> None:
    duel = revealed_duel(client, cast.petit_3b(), cast.grand_70b())
    words = words_of(client, duel)
    section = words.partition("Et si… ?")[2].partition("Redemander")[0]
    assert re.search(r"deux fois plus courte [\d,]+ Wh ÷ 2 celle de Petit-3B [\d,]+ Wh ÷ \d", section)
    choices = page_of(client, duel).partition("what-if-choices")[2].partition("</ul>")[0]
    assert re.findall(r'<li class="side-(\w)">', choices)[-2:] == ["b", "a"]


def test_beside_a_silent_side_only_what_was_written_is_on_the_scale(client: Client) -> None:
    words = words_of(client, revealed_duel(client, cast.petit_3b(), cast.grand_70b(), tokens=(0, 268)))
    assert "telle quelle" in words and "celle de" not in words


def test_the_same_two_models_are_asked_again_to_be_brief(client: Client) -> None:
    duel = revealed_duel(client, cast.petit_3b(), cast.grand_70b())
    page = page_of(client, duel)
    form = page.partition('id="what-if"')[2].partition("</form>")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    response = client.post("/duels/", fields)
    again = Duel.objects.exclude(pk=duel.pk).get()
    assert response.status_code == 303
    assert (again.mode, again.turns.get().prompt) == ("chosen", f"{cast.PROMPT}\n\nRéponds en deux phrases.")
    assert {answer.model.slug for answer in again.turns.get().answers.all()} == {"petit-3b", "grand-70b"}


def test_a_model_that_plays_no_more_is_not_asked_again(client: Client) -> None:
    duel = revealed_duel(client, cast.petit_3b(), cast.grand_70b())
    LanguageModel.objects.filter(slug="grand-70b").update(status=LanguageModel.Status.ARCHIVED)
    assert "Redemander, mais court" not in page_of(client, duel)
