"""Key that brings a visitor's duels to another device: a file with the token that opens them.

The duels move to whoever hands the file in, and never the other way round: a file of somebody else adds its
duels to this browser's own, and gives its maker none of them.
"""

import json
from typing import Any

from django.utils.translation import gettext as _

from duels import visitors
from duels.models import Duel

FILE_NAME = "mes-duels-cle.json"
KIND = "conso-duel-key"
MAX_FILE_BYTES = 2_000


class RefusedFile(ValueError):
    """The file opens no duels; the message says why, in the reader's language."""


def write_key(token: str) -> str:
    """The text of the file."""
    return json.dumps({"kind": KIND, "version": 1, "token": token}, indent=1)


def read_key(data: bytes) -> str:
    """The token in a file; raises RefusedFile."""
    if len(data) > MAX_FILE_BYTES:
        raise RefusedFile(_("Ce fichier est trop gros pour être une clé de duels."))
    try:
        content: Any = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise RefusedFile(_("Ce fichier n’est pas une clé de duels.")) from error
    token = content.get("token") if isinstance(content, dict) and content.get("kind") == KIND else None
    if not isinstance(token, str) or not visitors.TOKEN.fullmatch(token):
        raise RefusedFile(_("Ce fichier n’est pas une clé de duels."))
    return token


def move_duels(token: str, visitor: str) -> int:
    """Give the duels that a token opens to a visitor; returns how many. Raises RefusedFile for none."""
    if (owner := visitors.hash_token(token)) == visitor:
        raise RefusedFile(_("Ces duels sont déjà dans ce navigateur."))
    moved = Duel.objects.filter(visitor=owner).update(visitor=visitor)
    if not moved:
        raise RefusedFile(_("Cette clé n’ouvre aucun duel : ils ont été supprimés, ou déjà déplacés."))
    return moved
