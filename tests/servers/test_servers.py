"""The services of docker-compose.yml as plain processes behind a real Caddy: it plays, reports, grows."""

import json
import subprocess
import threading

import httpx
import psycopg
import redis

from tests.servers.conftest import METRICS_TOKEN, MODELS, WORKERS, Servers
from tests.services import postgres
from tests.services.compose import ROOT, SITE
from tests.upstream import answer
from tests.waiting import wait_until

QUESTION = "Combien pèse un nuage de beau temps ?"
ADDRESS = "203.0.113.77"


def play(servers: Servers, question: str = QUESTION) -> str:
    """The page of a duel that was played and voted on, as its visitor sees it."""
    with servers.visitor() as visitor:
        duel = visitor.open_duel(question)
        assert visitor.follow(duel).text == dict.fromkeys("ab", "Voici ma réponse.")
        revealed = visitor.post(f"{duel}vote/", choice="a")
        assert revealed.status_code == 200
        return revealed.text


def test_a_duel_is_played_through_the_proxy_over_tls(servers: Servers) -> None:
    page = play(servers)
    assert "SmolLM2" in page
    assert "Gemma" in page


def test_words_pass_the_proxy_as_they_come(servers: Servers) -> None:
    """The second half of each answer is written only once the visitor has read the first."""
    gate = threading.Event()
    for model in MODELS:
        servers.upstream.play(model, answer("Voici ", gate, "ma réponse."))
    try:
        with servers.visitor() as visitor:
            duel = visitor.open_duel(QUESTION)
            first = next(event for event in visitor.events(visitor.newest_stream(duel)) if event.data)
            gate.set()
            assert "Voici ".startswith(first.data)  # as much of it as the common pace shows at once
            assert visitor.follow(duel).text == dict.fromkeys("ab", "Voici ma réponse.")
    finally:
        gate.set()
        for model in MODELS:
            servers.upstream.play(model, answer("Voici ", "ma réponse."))


def test_visitors_are_redirected_to_tls(servers: Servers) -> None:
    with servers.visitor() as visitor:
        home = visitor.http.get("/")
        assert "max-age=31536000" in home.headers["strict-transport-security"]
        assert "Secure" in home.headers["set-cookie"]
        assert visitor.http.get("/metrics").status_code == 404
    plain = httpx.get(f"http://127.0.0.1:{servers.web_ports[0]}/", headers={"Host": SITE})
    assert (plain.status_code, plain.headers["location"]) == (301, f"https://{SITE}/")


def test_the_health_checks_of_the_containers_pass(servers: Servers) -> None:
    machine = servers.machine
    web = [word.replace("8000", str(servers.web_ports[0])) for word in machine.health_check("web")]
    worker = [word.replace("$HOSTNAME", "0") for word in machine.health_check("worker")]
    for service, command in (("web", web), ("worker", worker)):
        checked = subprocess.run(
            command, cwd=ROOT, env=machine.environment(service), capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stderr


def test_health_counts_the_workers_and_hears_the_clock(servers: Servers) -> None:
    parts = servers.health()["parts"]
    assert parts["workers"] == {"name": "workers", "state": "ok", "count": WORKERS}
    assert parts["clock"]["state"] == "ok"


def test_prometheus_is_answered_from_inside(servers: Servers) -> None:
    play(servers)
    url = f"http://127.0.0.1:{servers.web_ports[0]}/metrics"
    lines_read = httpx.get(url, headers={"Authorization": f"Bearer {METRICS_TOKEN}", "Host": "web"})
    assert lines_read.status_code == 200
    assert f"conso_workers {WORKERS}" in lines_read.text
    assert 'state="done"' in lines_read.text
    assert httpx.get(url, headers={"Host": "web"}).status_code == 404


def test_the_address_of_a_visitor_is_nowhere_after_a_duel(servers: Servers) -> None:
    """In the database, in Redis, in the logs: neither of who asked nor, in the logs, what was asked."""
    with httpx.Client(
        base_url=f"http://127.0.0.1:{servers.web_ports[0]}",
        headers={
            "Host": SITE,
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": ADDRESS,
            "Referer": f"https://{SITE}/",
        },
    ) as proxy:
        proxy.get("/")
        token = proxy.cookies["__Host-csrftoken"]
        proxy.headers["Cookie"] = (
            f"__Host-csrftoken={token}"  # a secure one, which the client keeps from plain HTTP
        )
        form = {"prompt": f"{QUESTION} Vraiment ?", "csrfmiddlewaretoken": token}
        assert proxy.post("/duels/", data=form).status_code == 303
        login = {"username": "ada", "password": "x", "csrfmiddlewaretoken": token}
        assert proxy.post("/admin/login/", data=login).status_code == 200
    queue = whole_redis(servers)
    wait_until_quiet(servers)
    dump, logs = whole_database(servers), whole_logs(servers)
    assert f"{QUESTION} Vraiment ?" in dump
    assert "limit:login-address:" in queue
    for place in (dump, queue, logs):
        assert ADDRESS not in place
    assert QUESTION not in logs


def wait_until_quiet(servers: Servers) -> None:
    """No answer is being written any more."""
    query = "SELECT count(*) FROM duels_answer WHERE state IN ('waiting', 'streaming')"
    with psycopg.connect(database_url(servers), autocommit=True) as connection:
        wait_until(lambda: connection.execute(query).fetchone() == (0,))


def database_url(servers: Servers) -> str:
    return servers.machine.environment("backup")["DATABASE_URL"]


def whole_database(servers: Servers) -> str:
    command = [postgres.packaged_binaries() / "pg_dump", "--inserts", database_url(servers)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def whole_redis(servers: Servers) -> str:
    """Every key with what it holds."""
    with redis.Redis.from_url(servers.machine.environment("web")["REDIS_URL"]) as client:
        return "\n".join(f"{key!r} {client.dump(key)!r}" for key in client.scan_iter(count=1000))


def whole_logs(servers: Servers) -> str:
    return "\n".join(log.read_text(errors="replace") for log in servers.folder.glob("*.log"))


def test_every_line_of_our_logs_is_json(servers: Servers) -> None:
    play(servers)
    for name in ("web-0", "worker-0", "worker-1", "beat"):
        lines = (servers.folder / f"{name}.log").read_text().splitlines()
        assert [line for line in lines if not line.startswith("{")] == []
        lines_read = [json.loads(line) for line in lines]
        assert all({"time", "level", "message"} <= set(line) for line in lines_read)
    web = [json.loads(line) for line in (servers.folder / "web-0.log").read_text().splitlines()]
    assert {"request", "duel"} <= set(next(line for line in web if "duels:vote" in line["message"]))


def test_a_backup_brings_back_every_duel(servers: Servers) -> None:
    play(servers, "Une question à sauver")
    wait_until_quiet(servers)
    before = counts(servers)
    saved = servers.machine.run("backup")
    assert saved.returncode == 0, saved.stderr
    (file,) = (servers.folder / "backups").iterdir()
    with psycopg.connect(database_url(servers)) as connection:
        connection.execute("TRUNCATE duels_duel, models_registry_spending CASCADE")
        connection.execute("DROP TABLE django_session")
    assert counts(servers)[0] == 0
    restored = servers.machine.run("restore", BACKUP=file.name)
    assert restored.returncode == 0, restored.stderr
    assert counts(servers) == before
    assert "SmolLM2" in play(servers)


def counts(servers: Servers) -> list[int]:
    tables = ("duels_duel", "duels_answer", "duels_vote", "models_registry_languagemodel")
    with psycopg.connect(database_url(servers)) as connection:
        found = [connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables]
    return [row[0] for row in found if row]


def test_a_web_server_is_replaced_while_visitors_read(servers: Servers) -> None:
    """The way docs/deploy.md gives: the new one beside the old one, then the old one goes."""
    statuses: list[int] = []
    with servers.visitor() as visitor:
        duel = visitor.open_duel(QUESTION)
        visitor.follow(duel)
        servers.start_web(1)
        statuses += [visitor.http.get(duel).status_code for _ in range(5)]
        servers.process_group.stop([servers.children["web-0"]])
        statuses += [visitor.http.get(duel).status_code for _ in range(10)]
        statuses.append(visitor.post(f"{duel}vote/", choice="b").status_code)
    servers.web_ports.reverse()
    assert statuses == [200] * 16
