"""The version of what makes HTML of Markdown: other sources or other packages, another version."""

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("markdown-it-py", "mdit-py-plugins", "nh3", "pygments", "math-core")


def renderer_version() -> str:
    """Sixteen hexadecimal digits that follow from our sources and from the versions of PACKAGES."""
    sources = sorted(Path(__file__).parent.glob("*.py"))
    parts = [path.read_bytes() for path in sources] + [version(name).encode() for name in PACKAGES]
    return sha256(b"\0".join(parts)).hexdigest()[:16]


RENDERER_VERSION = renderer_version()
