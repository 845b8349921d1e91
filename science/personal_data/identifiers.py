"""Bank accounts, French social security numbers and payment cards, each held to its check digits."""

import re
from collections.abc import Iterator
from itertools import islice

# Characters of the account numbers of each country: SWIFT's IBAN registry, as django-localflavor gives it
# (https://github.com/django/django-localflavor, generic/validators.py, release 94 of the registry).
IBAN_LENGTHS = {
    "AD": 24, "AT": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "EE": 20,
    "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GR": 27, "HR": 21, "HU": 28, "IE": 22, "IS": 26, "IT": 27,
    "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MT": 31, "NL": 18, "NO": 15, "PL": 28, "PT": 25,
    "RO": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26,
}  # fmt: skip
IBAN_START = re.compile(r"[A-Za-z]{2}\d\d(?=[ \u00a0\u202f-]?[A-Za-z0-9])")
MAX_IBAN_STARTS = 100  # a text with more of them is no question
IBAN_SPAN = 2 * max(IBAN_LENGTHS.values())  # with a separator after each character
# Digits in groups; A or B for the departments of Corsica.
RUN = re.compile(r"\d(?:[ .\-\u00a0\u202f]?[\dAB]){12,}")
GROUP = re.compile(r"[\dAB]+")
MIN_DIGITS, MAX_DIGITS = 13, 19
MAX_GROUPS = 12  # more of them are a table of numbers
# Sex, year, month, department, municipality, order, key; INSEE: https://www.insee.fr/fr/metadonnees/definition/c1409
NIR = re.compile(r"[1-478]\d\d(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d\d|2[AB])\d{6}\d\d")
# Prefixes and lengths of Visa, Mastercard, American Express, Discover and Diners.
CARD = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|6(?:011|5\d\d)\d{12}|3[068]\d{12}"
)


def ibans(text: str) -> Iterator[tuple[int, int]]:
    for start in islice(IBAN_START.finditer(text), MAX_IBAN_STARTS):
        length = IBAN_LENGTHS.get(start[0][:2].upper())
        is_within = text[start.start() - 1 : start.start()].isalnum()
        end = _end_of(text, start.start(), length) if length and not is_within else None
        if end and _is_iban(text[start.start() : end]):
            yield start.start(), end


def _end_of(text: str, start: int, length: int) -> int | None:
    """Where so many letters and digits end; None where another sign, or the text, ends them before."""
    count = 0
    for place in range(start, min(len(text), start + IBAN_SPAN)):
        sign = text[place]
        if sign.isascii() and sign.isalnum():
            count += 1
            if count == length:
                return place + 1
        elif sign not in " \u00a0\u202f-":
            return None
    return None


def _is_iban(written: str) -> bool:
    """ISO 13616: its first four characters moved behind, letters as numbers from 10, give 1 modulo 97."""
    signs = [sign for sign in written.upper() if sign.isalnum()]
    return int("".join(str(int(sign, 36)) for sign in signs[4:] + signs[:4])) % 97 == 1


def social_security_numbers(text: str) -> Iterator[tuple[int, int]]:
    yield from (span for span, digits in _runs(text) if NIR.fullmatch(digits) and _is_nir(digits))


def _is_nir(digits: str) -> bool:
    """The key is 97 less the rest modulo 97; Corsica counts as departments 19 and 18."""
    number, key = digits[:13].replace("2A", "19").replace("2B", "18"), digits[13:]
    return number.isdigit() and 97 - int(number) % 97 == int(key)


def card_numbers(text: str) -> Iterator[tuple[int, int]]:
    yield from (span for span, digits in _runs(text) if CARD.fullmatch(digits) and _passes_luhn(digits))


def _passes_luhn(digits: str) -> bool:
    """ISO/IEC 7812: every second digit from the right doubled, the digits of all add up to a ten."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _runs(text: str) -> Iterator[tuple[tuple[int, int], str]]:
    """Runs of MIN_DIGITS to MAX_DIGITS digits in groups, each with its place; they may overlap."""
    for run in RUN.finditer(text):
        groups = list(islice(GROUP.finditer(run[0]), MAX_GROUPS + 1))
        if len(groups) > MAX_GROUPS or text[run.start() - 1 : run.start()].isalnum():
            continue
        for first, group in enumerate(groups):
            digits = ""
            for last in groups[first:]:
                digits += last[0]
                if len(digits) > MAX_DIGITS:
                    break
                if len(digits) >= MIN_DIGITS:
                    yield (run.start() + group.start(), run.start() + last.end()), digits
