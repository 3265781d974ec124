"""Every sentence that can be said has a text, in both languages."""

import re
from pathlib import Path

import graphwatch.explain
from graphwatch.common.i18n import catalogue
from graphwatch.explain.words import number

FOLDER = Path(graphwatch.explain.__file__).parent


def test_every_text_of_explanations_is_said_somewhere_and_the_other_way_round() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py"))
    keys = {key.removeprefix("explain.") for key in catalogue("en") if key.startswith("explain.")}
    said = set(re.findall(r'_say\(\s*f?"([^"]+)"', source)) | set(re.findall(r'"explain\.(innocent\.\w+)"', source))
    patterns = [re.compile(re.sub(r"\\{.*?\\}", r"[a-z0-9]+", re.escape(text)) + r"\Z") for text in said]
    headings = {key for key in keys if key.endswith(".heading")}
    assert {key for key in keys - headings if not any(p.match(key) for p in patterns)} == set()
    assert [p.pattern for p in patterns if not any(p.match(key) for key in keys)] == []


def test_numbers_are_written_as_the_language_does() -> None:
    assert (number(12_345.678, "id", 2), number(12_345.678, "en", 2)) == ("12.345,68", "12,345.68")
    assert (number(0, "en", 4), number(1e-300, "id", 4), number(10, "en", 0)) == ("0", "< 0,0001", "10")
