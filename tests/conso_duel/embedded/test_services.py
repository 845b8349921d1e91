from pathlib import Path

import pytest

from conso_duel.embedded import services
from conso_duel.embedded.ports import free_port


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::", "http://127.0.0.1:8000/"),
        ("::1", "http://[::1]:8000/"),
        ("localhost", "http://localhost:8000/"),
    ],
)
def test_the_printed_address_opens_in_a_browser_of_this_machine(host: str, address: str) -> None:
    assert services.site_address(host, 8000) == address


def test_a_worker_is_ready_once_its_log_says_so(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    log.write_text("INFO celery.beat beat: Starting...\n")
    assert not services.has_logged_ready(log)
    log.write_text("INFO celery.beat beat: Starting...\nINFO celery.apps.worker celery@laptop ready.\n")
    assert services.has_logged_ready(log)


def test_an_address_without_a_listener_does_not_respond() -> None:
    assert not services.responds(f"http://127.0.0.1:{free_port()}/")


def test_the_web_server_keeps_no_addresses_of_visitors() -> None:
    assert "--no-access-log" in services.web_service("127.0.0.1", 8000).command


def test_a_model_that_ends_does_not_end_the_site(tmp_path: Path) -> None:
    assert not services.model_service("gemma-3-270m", 8101, tmp_path).essential
    assert services.worker_service().essential
    assert services.web_service("127.0.0.1", 8000).essential


def test_the_web_server_reloads_only_where_it_is_given_folders(tmp_path: Path) -> None:
    assert "--reload" not in services.web_service("127.0.0.1", 8000).command
    folders = [tmp_path / "duels", tmp_path / "web"]
    command = services.web_service("127.0.0.1", 8000, reload_dirs=folders).command
    watched = [command[place + 1] for place, word in enumerate(command) if word == "--reload-dir"]
    assert watched == [str(folder) for folder in folders]
    assert "--reload" in command
