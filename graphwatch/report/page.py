"""A document as an A4 page: one file that opens offline, runs no script, and shows outside text as text."""

import base64
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from graphwatch.report.document import Document, Drawing, Lines, Table
from graphwatch.texts.plain import plain

# Longer words are cut by an ellipsis; the workbook has them whole.
_LENGTH: Final = 600


def write_page(document: Document) -> bytes:
    """The document as HTML; printed by a browser that knows page margins, every page carries the stamp."""
    from jinja2 import DictLoader, Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=DictLoader({"page": _read("page.html.j2")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Names are made plain in one place, so that no template can forget it.
        finalize=_shown,
    )
    environment.tests |= {"lines": _is(Lines), "table": _is(Table), "drawing": _is(Drawing)}
    style = _read("page.css") + _margins(document)
    policy = f"default-src 'none'; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    # Markup: the style is this package's own with escaped strings, the drawings are this package's own.
    page = environment.get_template("page").render(
        document=document,
        policy=policy,
        style=Markup(style),  # noqa: S704
        markup=Markup,
    )
    return page.encode("utf-8")


def css_string(text: str) -> str:
    r"""A CSS string with every character written by number that could end it or the style it stands in.

    >>> css_string('a"b</style>')
    '"a\\22 b\\3c \\2f style\\3e "'
    """
    kept = " .,:;-–()"
    return '"' + "".join(c if c.isalnum() or c in kept else f"\\{ord(c):x} " for c in plain(text)) + '"'


def _margins(document: Document) -> str:
    """The stamp in the margins of every printed page."""
    stamp = document.stamp
    before, between, after = document.page.split("{}")
    number = f"{css_string(before)} counter(page) {css_string(between)} counter(pages) {css_string(after)}"
    boxes = {
        "@top-left": css_string(stamp.disclaimer),
        "@top-right": css_string(document.title[:60]),
        "@bottom-left": f'{css_string(stamp.run)} "\\a " {css_string(stamp.data)}',
        "@bottom-right": f'{number} "\\a " {css_string(stamp.disclaimer)}',
    }
    return "@page {\n" + "".join(f"  {box} {{ content: {content}; }}\n" for box, content in boxes.items()) + "}\n"


def _shown(value: Any) -> Any:
    return plain(value, _LENGTH) if type(value) is str else value


def _is(kind: type) -> Any:
    return lambda block: isinstance(block, kind)


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(content.encode('utf-8')).digest()).decode('ascii')}'"


@cache
def _read(name: str) -> str:
    # HTML parsers turn line ends into \n before they compare hashes.
    return files("graphwatch.report").joinpath(f"template/{name}").read_text(encoding="utf-8").replace("\r\n", "\n")
