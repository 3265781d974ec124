import json
import re
from pathlib import Path
from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct

from graphwatch.common.typed_files import read_stored, read_toml, written
from graphwatch.errors import InputError, StoreDamaged, UsageError
from graphwatch.store.erasing import Erasure


class Cell(Struct, frozen=True, forbid_unknown_fields=True):
    column: str
    take: Literal["post", "account"] | None = None

    def __post_init__(self) -> None:
        if self.column == "no":
            raise ValueError("no such column\nName another.")


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    kind: str
    cells: dict[str, str | Cell] = {}


class File(Struct, frozen=True, forbid_unknown_fields=True):
    title: Annotated[str, Meta(min_length=1)] = "-"
    yes: bool = False
    tables: tuple[Table, ...] = ()
    deep: dict[str, dict[str, int]] = {}


IN_TABLE = '[[tables]]\nkind = "a"\n[[tables]]\nkind = "b"\n'


@pytest.mark.parametrize(
    ("text", "what", "remedy"),
    [
        ("a = [", "invalid TOML", "line"),
        (".".join(["a"] * 100_000) + " = 1", "keys have too many parts", "tables"),
        ("titel = 1", "unknown key 'titel'$", "deep, tables, title, yes"),
        ("title = 1", "'title' is not text", 'title = "…"'),
        ('title = ""', "'title' is empty", 'title = "…"'),
        ('yes = "true"', "'yes' is neither true nor false", "yes = true"),
        ("tables = 1", "'tables' is not a list", r"\[\[tables\]\]"),
        ("tables = [1]", "'tables #1' is not a table", r"\[\[tables\]\]"),
        ("[[tables]]", "'kind' is missing in 'tables #1'", "kind"),
        (IN_TABLE + "cells = {a = 'x', b = 7}", "'tables #2, cells, b' is neither text nor a table", 'b = "…"'),
        (IN_TABLE + "cells = {a = 'x', b = {colunm = 'x'}}", "unknown key 'colunm' in .*cells, b'", "column, take"),
        (IN_TABLE + "cells.b = {column = 'x', take = 'y'}", "'y' is not a value of .*b, take'", "account, post"),
        (IN_TABLE + "cells.b = {column = 'no'}", "no such column$", "Name another"),
        ("deep = {a = {x = 1}, b = {y = 2, z = 'drei'}}", "'deep, b, z' is not a whole number", "z = 1"),
    ],
)
def test_a_fault_names_file_key_and_remedy(text: str, what: str, remedy: str) -> None:
    with pytest.raises(UsageError) as refused:
        read_toml(text, File, where="a.toml", error=UsageError)
    assert refused.value.where == "a.toml"
    assert re.search(what, refused.value.what)
    assert re.search(remedy, refused.value.remedy or "")


def test_the_error_is_of_input_unless_said_otherwise() -> None:
    with pytest.raises(InputError):
        read_toml("x = 1", File, where="a.toml")


def test_what_was_written_comes_back(tmp_path: Path) -> None:
    erasure = Erasure(1, {"Account": frozenset("ba")}, emptied={"Post": (frozenset({"x:é"}), ("text",))})
    (tmp_path / "a.json").write_bytes(written(erasure))
    assert read_stored(tmp_path / "a.json", Erasure, name="it", remedy="none") == erasure
    assert read_stored(tmp_path / "a.json", Erasure, name="it", remedy="none", exact=True) == erasure
    assert json.loads(written(erasure))["nodes"] == {"Account": ["a", "b"]}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"at_ms": "rahasia"}', b"\xff"])
def test_a_kept_file_that_is_not_as_written_is_damaged(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(StoreDamaged, match=r"a\.json: it cannot be read") as damaged:
        read_stored(tmp_path / "a.json", Erasure, name="it", remedy="Bring it back.")
    assert "rahasia" not in str(damaged.value)
    assert read_stored(tmp_path / "none.json", Erasure, name="it", remedy="none") is None


def test_a_newer_versions_field_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"at_ms": 5, "later": 1}')
    assert read_stored(tmp_path / "a.json", Erasure, name="it", remedy="none") == Erasure(5)


def test_what_must_be_exact_takes_no_defaults(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"at_ms": 5}')
    with pytest.raises(StoreDamaged):
        read_stored(tmp_path / "a.json", Erasure, name="it", remedy="none", exact=True)
