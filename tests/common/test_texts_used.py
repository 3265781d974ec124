import ast
import re
from importlib.resources import files
from itertools import chain
from pathlib import Path

from graphwatch.common.i18n import catalogue

PACKAGE = Path(str(files("graphwatch")))
SCRIPTS = [f for f in PACKAGE.rglob("*") if f.suffix in (".js", ".j2")]
HOLE = "\0"
# What helpers put before or behind the part of a key that their callers write.
PREFIXES = ("", "report.", "report.column.", "explain.")
SUFFIXES = ("", ".heading", ".label")


def python_strings() -> set[str]:
    """Every text in the package's Python, with a hole for each value that is put into it."""
    found = set()
    for file in PACKAGE.rglob("*.py"):
        for part in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                found.add(part.value)
            elif isinstance(part, ast.JoinedStr):
                found.add("".join(str(v.value) if isinstance(v, ast.Constant) else HOLE for v in part.values))
    return found


def script_strings() -> set[str]:
    """The same of scripts and templates; what is joined to a text is a hole behind it."""
    found = set()
    for file in SCRIPTS:
        source = file.read_text(encoding="utf-8")
        for quoted, joined in re.findall(r'"([^"\n]*)"(\s*[+~])?', source):
            found.add(quoted + (HOLE if joined else ""))
        for quoted in re.findall(r"'([^'\n]*)'|`([^`\n]*)`", source):
            found |= {re.sub(r"\$\{[^}]*\}", HOLE, text) for text in quoted}
    return found


def test_every_text_is_said_somewhere() -> None:
    strings = python_strings() | script_strings()
    holed = [s for s in strings if HOLE in s and "." in s and re.fullmatch(r"[\w.\0-]+", s)]
    patterns = [re.compile(re.escape(s).replace(HOLE, r"([\w. -]+)")) for s in holed]

    # The shell's commands are written with a backslash, which their keys do not have.
    spoken = {s.replace("_", " ").removeprefix("\\") for s in strings}

    def written(part: str) -> bool:
        """Whether the sources have it, whole or with its holes filled by what they have, too."""
        filled = chain.from_iterable(match.groups() for p in patterns if (match := p.fullmatch(part)))
        return part in strings or any(value.replace("_", " ") in spoken or value.isdigit() for value in filled)

    def said(key: str) -> bool:
        return any(
            written(key.removeprefix(before).removesuffix(behind))
            for before in PREFIXES
            for behind in SUFFIXES
            if key.startswith(before) and key.endswith(behind)
        )

    assert [key for key in sorted(catalogue("id")) if not said(key)] == []
