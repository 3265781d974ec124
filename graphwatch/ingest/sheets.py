"""Excel and OpenDocument spreadsheets, numbered as the spreadsheet program shows them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from graphwatch.common.notes import Note, Sentences
from graphwatch.errors import InputError
from graphwatch.ingest.beside import refuse_beside
from graphwatch.ingest.files import Look
from graphwatch.ingest.heading import MOST_ABOVE, at_line, bind, binds, labelled, passed_over, without_titles
from graphwatch.ingest.mapping import Mapping_
from graphwatch.ingest.quarantine import Quarantine
from graphwatch.ingest.rows import Rows, batched, rows_of
from graphwatch.ingest.worksheet import Beside, names_of_sheets, rows_of_sheet
from graphwatch.settings import BATCH_ROWS

# Each is opened to see whether it has the columns.
_MOST_SHEETS: Final = 20


def read_sheet(
    look: Look, mapping: Mapping_, sheet: str | None, quarantine: Quarantine, notes: list[str]
) -> Iterator[Rows]:
    """The rows of one sheet; its first row that is not blank is the header, unless one below has all that it lacks.

    Where no sheet is named and the first lacks columns that exactly one other has, that one is read.

    Args:
        look: the file.
        mapping: which column gives which property.
        sheet: the name of the sheet.
        quarantine: takes the refused rows.
        notes: takes what was passed over.

    Raises:
        InputError: if the file is damaged, protected or no spreadsheet, or there is no such sheet.
    """
    beside = Beside()
    records, found = _headed(look, mapping, sheet, beside)
    if found is None:
        beside = Beside()
        sheet = _other_sheet(look, mapping, records, named=sheet is not None)
        notes.append(Note("load.other_sheet", sheet=str(sheet)))
        records, found = _headed(look, mapping, sheet, beside)
        assert found is not None, "a sheet that has been looked at fits"
    number, header = found
    bound = bind(mapping, header, at_line(look.path, number))
    below = [row for at, row in records.top if at > number]
    refuse_beside(header, below, bound.values(), at_line(look.path, number))
    positions = labelled(bound)
    if number != records.top[0][0]:
        notes.append(passed_over(number))
    names = {p: header[i].strip() for p, i in positions.items()}
    size = look.path.stat().st_size
    for numbers, batch in batched(records.below(number), lambda: 0, BATCH_ROWS):
        cells: dict[str, list[str | None]] = {p: [r[i] for r in batch] for p, i in positions.items()}
        yield rows_of(numbers, cells, size, names, quarantine)
    if beside.merged:
        notes.append(Note("load.merged_cells", n=beside.merged))
    if beside.others:
        notes.append(Note("load.one_sheet", others=", ".join(beside.others)))


def first_rows_for(look: Look, mapping: Mapping_, most: int) -> list[list[str]]:
    """The first rows, as `first_rows` has them, of the sheet that is read where none is named.

    Raises:
        InputError: as `read_sheet`, and where no sheet or several have the columns.
    """
    records, found = _headed(look, mapping, None)
    if found is None:
        records, _ = _headed(look, mapping, _other_sheet(look, mapping, records, named=False))
    rest = islice(records.rest, most - len(records.top))
    return without_titles([row for _, row in (*records.top, *rest)])


@dataclass(frozen=True, slots=True)
class _Records:
    """The rows of a sheet that are not blank, with their numbers: the first ones, then the rest."""

    top: list[tuple[int, list[str]]]
    rest: Iterator[tuple[int, list[str]]]

    @property
    def likeliest(self) -> tuple[int, list[str]]:
        """The row that most likely is the header where none fits."""
        at = len(self.top) - len(without_titles([row for _, row in self.top]))
        return self.top[at]

    def below(self, number: int) -> Iterator[tuple[int, list[str]]]:
        """The rows below one of the first."""
        yield from (record for record in self.top if record[0] > number)
        yield from self.rest


def _headed(
    look: Look, mapping: Mapping_, sheet: str | None, beside: Beside | None = None
) -> tuple[_Records, tuple[int, list[str]] | None]:
    """A sheet's rows, and the first of them that has the names of all columns."""
    rows = _records(look, sheet, beside)
    records = _Records(list(islice(rows, MOST_ABOVE + 1)), rows)
    return records, next((record for record in records.top if binds(mapping, record[1], str(look.path))), None)


def _other_sheet(look: Look, mapping: Mapping_, records: _Records, *, named: bool) -> str:
    """The only other sheet that has the columns.

    Raises:
        InputError: none has them, or several; or the sheet was named.
    """
    names = names_of_sheets(look.path)
    fitting = [] if named else [name for name in names[:_MOST_SHEETS] if _headed(look, mapping, name)[1]]
    if len(fitting) == 1:
        return fitting[0]
    known = Note("load.name_a_sheet", sheets=", ".join(names)) if len(names) > 1 else ""
    if fitting:
        what = Note("load.several_sheets", sheets=", ".join(fitting))
        raise InputError(what, where=str(look.path), remedy=known)
    if not records.top:
        remedy = known or Note("load.sheet_empty_remedy")
        raise InputError(Note("load.sheet_empty"), where=str(look.path), remedy=remedy)
    number, header = records.likeliest
    raise _misfit(mapping, header, look, number, known)


def _misfit(mapping: Mapping_, header: list[str], look: Look, number: int, known: str) -> InputError:
    """Why a header does not fit; where it has gaps, merged cells are the likely reason."""
    where = at_line(look.path, number)
    try:
        bind(mapping, header, where)
    except InputError as error:
        what, remedy = error.what, error.remedy
    filled = [at for at, name in enumerate(header) if name.strip()]
    if len(filled) != len(header) or filled[-1] - filled[0] + 1 != len(header):
        what = Note("load.heading_of_gaps", names=str(len(filled)), columns=str(len(header)), what=what)
        remedy = Note("load.heading_of_gaps_remedy")
    sentences = Sentences(sentence for sentence in (remedy, known) if sentence)
    return InputError(what, where=where, remedy=Note("load.sentences", sentences=sentences))


def _records(look: Look, sheet: str | None, beside: Beside | None = None) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, with their numbers."""
    return rows_of_sheet(look.path, sheet, beside)


def first_rows(look: Look, sheet: str | None, most: int) -> list[list[str]]:
    """The first rows that are not blank, the header among them, as text, without titles above a table."""
    return without_titles([row for _, row in islice(_records(look, sheet), most)])
