"""The files of a release are sent to a server of our own that answers as S3 and Hugging Face do."""

import base64
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.management import CommandError, call_command

from open_data import pushing

OLD = "votes-2020-01.parquet"


class FakeSite(BaseHTTPRequestHandler):
    """A bucket `open` and a data set `someone/votes`, with one old file each; anything else is not there."""

    stored: dict[str, bytes]

    def do_PUT(self) -> None:
        self.stored[urlsplit(self.path).path] = self._body()
        self._answer(b"")

    def do_DELETE(self) -> None:
        del self.stored[urlsplit(self.path).path]
        self._answer(b"", 204)

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path == "/open" and "list-type" in parse_qs(address.query):
            keys = (path.removeprefix("/open/") for path in self.stored if path.startswith("/open/"))
            found = "".join(f"<Contents><Key>{key}</Key><Size>1</Size></Contents>" for key in keys)
            return self._answer(f"<ListBucketResult>{found}</ListBucketResult>".encode())
        if address.path.startswith("/api/datasets/someone/votes"):
            names = [path.removeprefix("/hub/") for path in self.stored if path.startswith("/hub/")]
            siblings = [{"rfilename": name} for name in names]
            tree = [{"type": "file", "path": name, "size": 1, "oid": "0" * 40} for name in names]
            about = {"id": "someone/votes", "siblings": siblings, "sha": "0" * 40}
            return self._answer(json.dumps(tree if "/tree/" in address.path else about).encode())
        return self._answer(b"{}", 404)

    def do_POST(self) -> None:
        body = self._body()
        if "/preupload/" in self.path:
            files = [
                {**file, "uploadMode": "regular", "shouldIgnore": False} for file in json.loads(body)["files"]
            ]
            return self._answer(json.dumps({"files": files}).encode())
        if not self.path.startswith("/api/datasets/someone/votes/commit/"):
            return self._answer(b"{}", 404)
        for line in map(json.loads, body.splitlines()):
            if line["key"] == "file":
                self.stored[f"/hub/{line['value']['path']}"] = base64.b64decode(line["value"]["content"])
            elif line["key"] == "deletedFile":
                del self.stored[f"/hub/{line['value']['path']}"]
        commit = {
            "commitUrl": "https://huggingface.co/datasets/someone/votes/commit/1",
            "commitOid": "1" * 40,
        }
        return self._answer(json.dumps(commit).encode())

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _answer(self, content: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header(
            "Content-Type", "application/xml" if content.startswith(b"<") else "application/json"
        )
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, bytes]]:
    """The files on the other site, by path."""
    FakeSite.stored = {f"/open/data/{OLD}": b"1", f"/hub/{OLD}": b"1", "/open/data/other.txt": b"2"}
    with ThreadingHTTPServer(("127.0.0.1", 0), FakeSite) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        for name, value in {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "nobody",
            "AWS_SECRET_ACCESS_KEY": "nothing",
            "AWS_DEFAULT_REGION": "eu-west-3",
            "AWS_REQUEST_CHECKSUM_CALCULATION": "when_required",
            "HF_TOKEN": "hf_nothing",
        }.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", address)
        yield FakeSite.stored
        server.shutdown()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("manifest.json", "SHA256SUMS", "models.parquet", "votes.fr.md"):
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.mark.slow  # both libraries are loaded
@pytest.mark.parametrize(("target", "root"), [("s3:open/data", "/open/data/"), ("hf:someone/votes", "/hub/")])
def test_every_file_is_sent_and_an_old_month_deleted(
    folder: Path, stored: dict[str, bytes], target: str, root: str
) -> None:
    before = set(stored)
    pushing.push(folder, target)
    sent = {path.removeprefix(root): stored[path] for path in stored if path not in before}
    assert sent == {path.name: path.read_bytes() for path in folder.iterdir()}
    assert root + OLD not in stored
    assert "/open/data/other.txt" in stored


@pytest.mark.slow
def test_a_data_set_that_is_not_there_is_said(folder: Path, stored: dict[str, bytes]) -> None:
    with pytest.raises(pushing.PushFailed, match="hf:nobody/nothing"):
        pushing.push(folder, "hf:nobody/nothing")


@pytest.mark.parametrize("target", ["ftp:x/y", "hf:alone", "s3:", "s3:a b", "hf:a/b/c"])
def test_a_target_of_another_form_is_refused_before_anything_is_published(target: str) -> None:
    with pytest.raises(CommandError, match="hf:"):
        call_command("publish_data", "--push", target)
