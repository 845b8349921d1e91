"""Find personal data in a text: phones, e-mails, IBANs, French social security numbers, cards, addresses.

Pure Python, nothing leaves the process. Numbers that have a check digit must pass it. Every pattern looks at
a bounded stretch from each start, so the time is linear in the text.
"""

from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from science.personal_data import addresses_in_text, contacts, identifiers


class Kind(StrEnum):
    """The kinds of personal data that are looked for."""

    PHONE = "phone"
    EMAIL = "email"
    IBAN = "iban"
    NIR = "nir"
    CARD = "card"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch of the text, from `start` to `end`, that looks like personal data."""

    kind: Kind
    start: int
    end: int


MAX_OF_A_KIND = 20
# In this order: digits that one kind has taken are not read as another.
FINDERS = (
    (Kind.EMAIL, contacts.emails),
    (Kind.IBAN, identifiers.ibans),
    (Kind.NIR, identifiers.social_security_numbers),
    (Kind.CARD, identifiers.card_numbers),
    (Kind.PHONE, contacts.phone_numbers),
    (Kind.ADDRESS, addresses_in_text.postal_addresses),
)


def find_personal_data(text: str) -> list[Finding]:
    """Spans that look like personal data, in the order of the text; no two findings overlap.

    At most MAX_OF_A_KIND of each kind: enough to warn of them.
    """
    found: list[Finding] = []
    taken = bytearray(len(text))
    for kind, finder in FINDERS:
        for start, end in islice(finder(text), MAX_OF_A_KIND):
            if taken.find(1, start, end) < 0:
                taken[start:end] = b"\1" * (end - start)
                found.append(Finding(kind, start, end))
    return sorted(found, key=lambda finding: finding.start)
