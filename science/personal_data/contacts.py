"""E-mail addresses and phone numbers."""

import re
from collections.abc import Iterator
from string import ascii_letters, digits

LOCAL_SIGNS = ascii_letters + digits + "._%+-'’éèêëàâäçùûüôöîï"
MAX_LOCAL = 64  # RFC 5321
DOMAIN = re.compile(r"(?:[\w-]{1,63}\.){1,4}[^\W\d_]{2,24}(?![\w@])")
SEPARATOR = r"[ .\-\u00a0\u202f/]?"
PHONES = (
    # France: 06 12 34 56 78, +33 6 12 34 56 78, 0033 (0)6…
    rf"(?:(?:\+|00)33{SEPARATOR}(?:\(0\){SEPARATOR})?|0)[1-9](?:{SEPARATOR}\d\d){{4}}",
    # Any other country, in international form: a prefix, then 7 to 12 digits in groups.
    rf"\+[1-9]\d{{0,2}}{SEPARATOR}\(?\d{{1,4}}\)?(?:{SEPARATOR}\d{{2,4}}){{2,4}}",
    # North America: (415) 555-0132, 212-555-0187.
    r"(?:\([2-9]\d\d\) ?|[2-9]\d\d[-.])\d{3}[-. ]\d{4}",
    # The United Kingdom: 07700 900123, 020 7946 0958.
    r"0(?:7\d{3} ?\d{3} ?\d{3}|20 ?\d{4} ?\d{4}|1\d{2,3} \d{3} ?\d{3,4})",
)
PHONE = re.compile(rf"(?:{'|'.join(PHONES)})(?![.,/-]?\d)(?! \d)(?!\w)")
# Where a phone number may begin; a digit behind one digit, or behind a sign of a number, goes on with it.
START = re.compile(r"[+(0][\d(]|[2-9]\d\d[-.]")
NOT_BEFORE = re.compile(r"[\w+.,/-]$|\d $")
COUNTED_UP = "0123456789"  # typed as digits, never as a number


def emails(text: str) -> Iterator[tuple[int, int]]:
    at = text.find("@")
    while at >= 0:
        before = text[max(0, at - MAX_LOCAL) : at]
        local = len(before) - len(before.rstrip(LOCAL_SIGNS))
        domain = DOMAIN.match(text, at + 1) if local else None
        if domain:
            yield at - local, domain.end()
        at = text.find("@", at + 1)


def phone_numbers(text: str) -> Iterator[tuple[int, int]]:
    for start in START.finditer(text):
        place = start.start()
        if NOT_BEFORE.search(text[max(0, place - 2) : place]):
            continue
        found = PHONE.match(text, place)
        if found and found[0] != COUNTED_UP:
            yield found.span()
