"""Cells of CSV files that no spreadsheet takes for a formula, and that are read back as they were.

Source: https://owasp.org/www-community/attacks/CSV_Injection
"""

import re

# Full-width signs too: spreadsheets set to Japanese or Chinese read them as the others.
FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")


def escape_cell(value: object) -> object:
    """A text that would begin a formula behind an apostrophe, which spreadsheets do not show."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def unescape_cell(cell: str) -> str:
    """The text that `escape_cell` was given."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
