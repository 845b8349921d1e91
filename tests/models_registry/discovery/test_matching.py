"""Which model a server means."""

import pytest

from models_registry.discovery.matching import NameIndex
from models_registry.discovery.names import is_quantised
from tests.cast import grand_70b, petit_3b


@pytest.fixture
def names(db: None) -> NameIndex:
    petit_3b(aliases=["quatrevents/Petit-3B-Instruct", "petit:3b", "petit:latest"])
    grand_70b(aliases=["hautemer/Grand-70B"])
    return NameIndex()


@pytest.mark.parametrize(
    "served",
    [
        "petit-3b",
        "Petit-3B-Instruct",
        "quatrevents/petit-3b-instruct",
        "petit:3b",
        "petit:latest",
        "petit:3b-instruct-q4_K_M",
        "petit:3b-instruct-fp16",
        "/models/Petit-3B-Q4_K_M.gguf",
        "bartowski/Petit-3B-Instruct-GGUF",
        "Petit-3B-AWQ",
        "quatrevents/petit-3b:free",
    ],
)
def test_a_server_may_dress_a_name_as_it_likes(names: NameIndex, served: str) -> None:
    found = names.find_served(served)
    assert found is not None
    assert found.slug == "petit-3b"


@pytest.mark.parametrize("served", ["petit", "petit:7b", "petit-3", "grand", "mon-petit-3b-affine", ""])
def test_another_model_is_not_taken_for_one_that_looks_like_it(names: NameIndex, served: str) -> None:
    assert names.find_served(served) is None


@pytest.mark.parametrize(
    "name", ["petit-q4_0", "Petit-AWQ", "petit:3b-iq2_xs", "petit-fp8", "Petit-Q4_K_M.gguf"]
)
def test_smaller_weights_are_seen_in_the_name(name: str) -> None:
    assert is_quantised(name)


@pytest.mark.parametrize("name", ["petit:3b-instruct-fp16", "qwen3:32b", "gpt-4o"])
def test_whole_weights_are_not_taken_for_smaller_ones(name: str) -> None:
    assert not is_quantised(name)
