"""`make image`: build the Dockerfile's image without Docker and play a whole duel on it.

Needs root, and Debian's packages buildah and debootstrap. Everything lies in a temporary folder and goes with
it; what is downloaded comes from Debian's and Python's registries.
"""

import os
import shutil
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from conso_duel.embedded.ports import free_port
from conso_duel.embedded.processes import ProcessGroup
from tests.image.build import Builder
from tests.image.play import play_a_duel

TOOLS = ("buildah", "debootstrap")


def main() -> int:
    """The exit code; 1 with a sentence where this machine cannot build the image."""
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if os.geteuid() != 0 or missing:
        print(f"make image needs root and Debian's packages {' and '.join(TOOLS)} (missing: {missing}).")
        return 1
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="conso-image-", dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)  # PostgreSQL and the image have users of their own
        builder = Builder(Path(folder))
        try:
            builder.make_base()
            print(f"base made after {time.monotonic() - started:.0f} s", flush=True)
            builder.build()
            print(f"image built after {time.monotonic() - started:.0f} s: {builder.describe()}", flush=True)
            with closing(ProcessGroup()) as process_group:
                play_a_duel(builder, process_group, Path(folder), free_port())
        finally:
            builder.remove()
    print(f"1 duel played on the image as uid 10001, {time.monotonic() - started:.0f} s in all.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
