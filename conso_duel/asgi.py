"""The ASGI application: pages and streams."""

import os
from threading import Thread

from django.core.asgi import get_asgi_application


def prepare_the_proof() -> None:
    """What the first reveal would otherwise wait for: about 0.6 s of computing, once per process."""
    from science.energy.validation import validate

    validate()


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conso_duel.settings")
application = get_asgi_application()
Thread(target=prepare_the_proof, name="proof", daemon=True).start()
