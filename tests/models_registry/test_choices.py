from models_registry.choices import TOKENIZER_FAMILIES, VOCABULARY_SIZES, family_label
from science.tokens import VOCABULARIES
from science.tokens.vocabularies import engine


def test_the_size_of_a_vocabulary_is_part_of_its_family() -> None:
    assert set(VOCABULARY_SIZES) <= set(TOKENIZER_FAMILIES)
    assert family_label("qwen") == "qwen (151k)"
    assert family_label("qwen3_5") == "qwen3_5 (248k)"
    assert family_label("other") == "inconnue, ou une autre"


def test_a_vocabulary_on_board_is_no_larger_than_its_family() -> None:
    text = "Une phrase d’essai, 2026 : 日本語, emoji 👩‍👧, code def f(x): return x**2."
    for family in ("cl100k", "o200k", "llama3", "llama4", "qwen", "deepseek_v3"):
        assert family in VOCABULARIES
        assert max(engine(family).encode(text)) < VOCABULARY_SIZES[family]
