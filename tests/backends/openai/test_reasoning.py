"""Reasoning apart from the answer, by the marks of many models."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backends.base import Restart
from backends.openai.reasoning.splitter import ReasoningSplitter

CUTS = st.lists(st.integers(0, 200), max_size=6)


def cut(text: str, places: list[int]) -> list[str]:
    return [text[start:end] for start, end in pairwise([0, *sorted(places), len(text)])]


def parts(pieces: list[str]) -> tuple[str, str]:
    """Reasoning and answer."""
    splitter = ReasoningSplitter()
    found = [item for piece in pieces for item in splitter.split(piece)] + [*splitter.flush()]
    texts = {True: "", False: ""}
    for item in found:
        if isinstance(item, Restart):
            texts = {True: "", False: ""}
        else:
            texts[item.reasoning] += item.text
    return texts[True], texts[False]


@pytest.mark.parametrize(
    ("text", "reasoning", "answer"),
    [
        ("Bonjour", "", "Bonjour"),
        ("", "", ""),
        ("\n <think>\nVoyons.\n</think>\n\nOui", "Voyons.", "Oui"),
        ("<think>\n\n</think>\n\nOui", "", "Oui"),
        ("[THINK]Voyons[/THINK]Oui", "Voyons", "Oui"),
        ("<think>sans fin", "sans fin", ""),
        ("<think>a < b </thinking", "a < b </thinking", ""),
        ("Je pense <think>non</think>", "", "Je pense <think>non</think>"),
        ("<thin", "", "<thin"),
        ("< think>", "", "< think>"),
        ("<think>a</think>b<think>c</think>d", "a\n\nc", "bd"),
        ("<think>a</think><think>b</think>Oui", "a\n\nb", "Oui"),
        ("Voici.\n<think>\nhm\n</think>\nOui", "hm", "Voici.\nOui"),
        ("Voici :\n<reason>x</reason>", "", "Voici :\n<reason>x</reason>"),
        ("<think>a</thinking>Oui", "a", "Oui"),
        ("<think >a</think >Oui", "a", "Oui"),
        ('<thinking mode="x">a</thinking>Oui', "a", "Oui"),
        ("<think/>\nOui", "", "Oui"),
        ("\u200b<think>a</think>Oui", "a", "Oui"),
        ('<details type="reasoning" done="true">a</details>\nOui', "a", "Oui"),
        ("<details>\n<summary>Raisonnement</summary>a</details>\nOui", "a", "Oui"),
        ("<details><summary>Plan</summary>a</details>", "", "<details><summary>Plan</summary>a</details>"),
        ("Here's my thought process:\na\nHere's my response:\nOui", "a", "Oui"),
        ("Thinking...\na\n...done thinking.\n\nOui", "a", "Oui"),
        ("<think>a</think><final_answer>Oui</final_answer>", "a", "Oui"),
        ("<|begin_of_box|>Oui<|end_of_box|>", "", "Oui"),
        ("<|im_start|>assistant\nOui<|im_end|>\n", "", "Oui"),
        ("Oui</s>", "", "Oui"),
        ("Le jeton </s> finit.", "", "Le jeton </s> finit."),
        ("si a < b et c > d", "", "si a < b et c > d"),
        ("  deux espaces", "", "  deux espaces"),
        ("Je cherche.\n</think>\n\nParis.", "Je cherche.", "Paris."),
        ("Je cherche.</think>Paris.", "Je cherche.", "Paris."),
        ("Je cherche</think>\nParis.", "Je cherche", "Paris."),
        ("</think>\n\nParis.", "", "Paris."),
        ("La balise </think> ferme la réflexion.", "", "La balise </think> ferme la réflexion."),
        ("Écrivez « </think> » à la fin.", "", "Écrivez « </think> » à la fin."),
        ("`<think>` ouvre, `</think>` ferme.", "", "`<think>` ouvre, `</think>` ferme."),
        ("```xml\n<think>\n</think>\n```\nFin", "", "```xml\n<think>\n</think>\n```\nFin"),
        ("```xml\n</think>\n```\nFin", "", "```xml\n</think>\n```\nFin"),
        ("```xml\n<think>\na\n</think>\nb\n```\nFin", "", "```xml\n<think>\na\n</think>\nb\n```\nFin"),
        ("Je cherche.\n```py\nx = 1\n</think>\n\nParis.", "Je cherche.\n```py\nx = 1", "Paris."),
        ("Je cherche.\n~~~\nx\n</think>\n```py\ny\n```", "Je cherche.\n~~~\nx", "```py\ny\n```"),
        ("Je cherche `x.</think>\n\nParis.", "Je cherche `x.", "Paris."),
        (
            '<think>« </think> », `</think>` ou "</think>" ?</think>Oui',
            '« </think> », `</think>` ou "</think>" ?',
            "Oui",
        ),
        ("<think>x = `a`</think>`b` oui", "x = `a`", "`b` oui"),
        ("<rationale>a</rationale>\n<output>Oui</output>", "a", "Oui"),
        ("<think>a</think>\n<answer>\nParis.\n</answer>", "a", "Paris."),
        ("<THINK>a</THINK>Paris.", "a", "Paris."),
        (
            "<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Paris.<|return|>",
            "hm",
            "Paris.",
        ),
        ("analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Paris.", "hm", "Paris."),
        ("hm<|end|><|start|>assistant<|channel|>final<|message|>Paris.", "hm", "Paris."),
        ("<|channel|>analysis<|message|>hm<|end|>Paris.", "hm", "Paris."),
        ("<|channel|>final<|message|>Paris.", "", "Paris."),
        ("<|channel|>commentary to=functions.x <|constrain|>json<|message|>{}<|call|>", "{}", ""),
        ("analysisJe cherche.assistantfinalParis.", "Je cherche.", "Paris."),
        ("assistantanalysisJe cherche.\nassistant final\nParis.", "Je cherche.", "Paris."),
        (
            "<|channel|>Analysis<|message|>hm<|END|><|start|>assistant<|channel|>Final<|message|>Paris.",
            "hm",
            "Paris.",
        ),
        (
            "assistant<|channel|>analysis<|message|>hm<|end|>assistant<|channel|>final<|message|>Oui",
            "hm",
            "Oui",
        ),
        ("assistantfinalParis.", "", "Paris."),
        ("final<|message|>Paris.", "", "Paris."),
        ("analysis of the data", "", "analysis of the data"),
    ],
)
def test_reasoning_between_tags_at_the_start_comes_apart(text: str, reasoning: str, answer: str) -> None:
    assert parts([text]) == (reasoning, answer)
    assert parts(list(text)) == (reasoning, answer)


NAMES = [
    "think",
    "thinking",
    "thought",
    "reasoning",
    "reflection",
    "reason",
    "seed:think",
    "longcat_think",
    "cot",
]
TAGS = {f"<{name}>": f"</{name}>" for name in NAMES} | {
    "[THINK]": "[/THINK]",
    "◁think▷": "◁/think▷",
    "<|begin_of_thought|>": "<|end_of_thought|>",
    "<|START_THINKING|>": "<|END_THINKING|>",
    "<|think|>": "<|/think|>",
    "<|thinking_start|>": "<|thinking_end|>",
    "<|inner_prefix|>": "<|inner_suffix|>",
    "<unused94>": "<unused95>",
    "<|channel>thought": "<channel|>",
    "&lt;think&gt;": "&lt;/think&gt;",
}


@pytest.mark.parametrize(("opening", "closing"), TAGS.items())
def test_every_tag_is_read_opened_and_unopened(opening: str, closing: str) -> None:
    for pieces in ([f"{opening}Voyons{closing}Oui"], list(f"{opening}Voyons{closing}Oui")):
        assert parts(pieces) == ("Voyons", "Oui")
    for pieces in ([f"Voyons.\n{closing}\n\nOui"], list(f"Voyons.\n{closing}\n\nOui")):
        assert parts(pieces) == ("Voyons.", "Oui")


MARKS = ["<think>", "</think>", "<", "think", ">", " ", "\n", "a", ".", "`", "```", "«", "analysis"]
MARKS += ["<think ", "</", "<details", "</summary>", "<|im_end|>", "</s>", "\u200b", "&lt;think&gt;"]
MARKS += ["<|channel|>", "final", "<|message|>", "<|end|>", "assistant", "assistantfinal", "[/THINK]", "<|"]
PIECES_OF_TAGS = st.lists(st.sampled_from(MARKS)).map("".join)


@given(PIECES_OF_TAGS, CUTS)
@example("<think><think></think>think</think><think>", [28])
def test_the_split_does_not_depend_on_where_the_text_was_cut(text: str, places: list[int]) -> None:
    assert parts(cut(text, places)) == parts([text])


@given(st.text(st.sampled_from("<think> \n`«a.")))
def test_without_a_tag_all_is_answer(text: str) -> None:
    assert parts([text]) == ("", text) or "<think" in text
