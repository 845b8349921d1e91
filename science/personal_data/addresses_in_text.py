"""Postal addresses, as people write them in France and in English-speaking countries."""

import re
from collections.abc import Iterator

STREETS = "rue|avenue|av|boulevard|bd|bld|impasse|chemin|allée|quai|square|sq|faubourg|ruelle|esplanade"
# Words that mean other things too, as in « 3 cours de maths »: they need a proper name or a postcode.
OTHERS = "place|cours|route|passage|cité|résidence|villa|voie|sentier|lotissement|hameau|rond-point"
FRENCH = re.compile(
    r"(?P<number>\d{1,5}) ?(?:(?:bis|ter|quater)\b)?,? {1,2}"
    rf"(?:(?P<street>{STREETS})|{OTHERS})\.? {{1,2}}"
    r"(?P<article>(?:(?:de la|de l['’]|des|du|de|d['’]|le|la|les) ?){0,2})(?P<name>[^\W\d_][\w'’-]{0,40})",
    re.IGNORECASE,
)
POSTCODE = re.compile(r"(?<!\d)\d{5} +[^\W\d_]")
POSTCODE_WITHIN = 60  # characters behind the street
WAYS = (
    "Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Square|Way|Close|Crescent"
    "|Terrace"
)
ENGLISH = re.compile(rf"(?P<number>\d{{1,5}}) (?:[A-Z][\w'’.-]{{0,30}} ){{1,3}}(?:{WAYS})\b(?! [A-Z]\w+al\b)")
BRITISH_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b")
NUMBER_GOES_ON = set(".,/-")  # before it
YEARS = range(1900, 2100)
# Behind « 12 rue », the beginning of a sentence rather than of a name.
NOT_A_NAME = {"est", "était", "sera", "fut", "a", "et", "ou", "où", "qui", "sont"}


def postal_addresses(text: str) -> Iterator[tuple[int, int]]:
    for pattern in (FRENCH, ENGLISH):
        for found in pattern.finditer(text):
            if _is_address(text, found):
                yield found.span()
    yield from (found.span() for found in BRITISH_POSTCODE.finditer(text))


def _is_address(text: str, found: re.Match[str]) -> bool:
    """Whether a number and a street are an address rather than a year or a quantity."""
    before = text[found.start() - 1 : found.start()]
    if before.isalnum() or before in NUMBER_GOES_ON:
        return False
    is_year = int(found["number"]) in YEARS
    if found.re is ENGLISH:
        return not is_year
    if any(sign.isupper() for sign in found["name"]):
        return True
    if POSTCODE.search(text, found.end(), found.end() + POSTCODE_WITHIN):
        return True
    is_named = bool(found["article"]) or found["name"].lower() not in NOT_A_NAME
    return bool(found["street"]) and is_named and not is_year
