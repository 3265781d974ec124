"""NIP as rosters write them: 18 digits, which a spreadsheet rounds where they are not text."""

from typing import Any, Final

import pyarrow.compute as pc

from graphwatch.ingest.quarantine import Problem
from graphwatch.ingest.times import Mask, mask_of

ROUNDED: Final = Problem(
    "an NIP that a spreadsheet has rounded",
    "Format the NIP column as text before the numbers are put in, and export again from the original.",
)
NOT_AN_NIP: Final = Problem("not an NIP of 18 digits", "Write all 18 digits as text.")

# Blanks, apostrophes, dots and dashes that people put between the parts of an NIP or before it; what cannot be seen.
_BETWEEN: Final = r"[\s\p{Z}\p{Cf}'’‘`´.\-–]"
_ROUNDED: Final = r"^\d+([.,]\d+)?[eE]\+?\d+$|^\d{15,}[.,]0*$"


def check_nips(column: Any) -> tuple[Any, list[tuple[Mask, Problem]]]:
    """The 18 digits of each cell, and which cells do not have them.

    Nothing inside an NIP is judged: those of PPPK have a year and a count where those of PNS have a month.
    The last three digits count from 001, so 000 comes from a spreadsheet, which keeps 15 digits.

    >>> import pyarrow as pa
    >>> check_nips(pa.array(["'19900101 201503 1 002"]))[0].to_pylist()
    ['199001012015031002']
    """
    rounded = mask_of(pc.match_substring_regex(column, _ROUNDED))
    digits = pc.replace_substring_regex(column, _BETWEEN, "")
    rounded |= mask_of(pc.match_substring_regex(digits, r"^\d{15}000$"))
    wrong = mask_of(pc.invert(pc.match_substring_regex(digits, r"^\d{18}$")))
    return digits, [(rounded, ROUNDED), (wrong, NOT_AN_NIP)]
