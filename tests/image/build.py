"""The image of the Dockerfile, built by buildah alone: chroots for containers, plain folders for layers."""

import json
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BASE = "docker.io/library/python:3.13-slim-trixie"  # as the Dockerfile names it
SUITE, PACKAGES = "trixie", "python3-venv,python3-pip,ca-certificates"
IMAGE = "conso-duel"
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")  # this machine's, a company's own among them
# What the official image has and Debian's Python has not: an unlocked pip, and the name `python`.
BASE_ENVIRONMENT = {"PIP_BREAK_SYSTEM_PACKAGES": "1", "SSL_CERT_FILE": str(AUTHORITIES)}


class Builder:
    """Builds in `folder`, in which images and containers lie too."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        stores = ("--root", folder / "store", "--runroot", folder / "run", "--storage-driver", "vfs")
        self._buildah = ["buildah", *map(str, stores)]
        self._container = ""

    def make_base(self) -> None:
        """A Debian of the Dockerfile's suite, with its Python, named as the Dockerfile's base."""
        system = self._folder / "system"
        run(["debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(system)])
        (system / "usr/local/bin/python").symlink_to("/usr/bin/python3")
        shutil.copy(AUTHORITIES, system / str(AUTHORITIES).lstrip("/"))
        for useless in ("var/cache/apt/archives", "var/lib/apt/lists"):
            shutil.rmtree(system / useless)
        base = self._run("from", "scratch")
        self._run("add", "--quiet", base, str(system), "/")
        for name, value in BASE_ENVIRONMENT.items():
            self._run("config", "--env", f"{name}={value}", base)
        self._run("commit", "--quiet", "--rm", base, BASE)
        shutil.rmtree(system)

    def build(self) -> None:
        """The Dockerfile, as it is."""
        isolated = ("--isolation", "chroot", "--network", "host", "--pull=never")
        self._run("build", *isolated, "--tag", IMAGE, str(ROOT))
        self._container = self._run("from", "--pull=never", IMAGE)

    def describe(self) -> str:
        """Size and command of the image."""
        image = json.loads(self._run("inspect", "--type", "image", IMAGE))["OCIv1"]
        kilobytes = run(["du", "-sk", str(Path(self._run("mount", self._container)) / "app")]).split()[0]
        runs = image["config"]
        return f"{int(kilobytes) // 1024} MB in /app, runs {runs['Cmd'][0]} as {runs['User']}"

    def command(self, environment: dict[str, str], *words: str) -> list[str]:
        """The command line that runs a command in the image as its own user, on this machine's network."""
        variables = [word for name, value in environment.items() for word in ("--env", f"{name}={value}")]
        return [*self._buildah, "run", "--isolation", "chroot", *variables, self._container, "--", *words]

    def remove(self) -> None:
        """Unmount and delete all containers."""
        self._run("umount", "--all")
        self._run("rm", "--all")

    def _run(self, *words: str) -> str:
        return run([*self._buildah, *words])


def run(command: list[str]) -> str:
    """The standard output of a command; raises RuntimeError with the end of all that it wrote."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(f"{' '.join(command[:8])}…\n{(ended.stdout + ended.stderr)[-3000:]}")
    return ended.stdout.strip()
