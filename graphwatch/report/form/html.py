"""A document as an A4 page: one file that opens offline, runs no script, and shows outside text as text."""

import base64
import re
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from graphwatch.common.sanitize import plain
from graphwatch.report.form.document import Document, Drawing, Lines, Table

# Longer words are cut by an ellipsis; the workbook has them whole.
_LENGTH: Final = 600
_PSEUDONYM: Final = re.compile(r"[AP]-[A-Z2-7]{16}")
_LETTERS: Final = r"\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001eeff"
_FROM_RIGHT: Final = re.compile(rf"([{_LETTERS}](?:[{_LETTERS}\s\d.,'’-]*[{_LETTERS}])?)")


def write_page(document: Document) -> bytes:
    """The document as HTML; printed by a browser that knows page margins, every page carries the stamp."""
    from jinja2 import DictLoader, Environment, StrictUndefined
    from markupsafe import Markup, escape

    environment = Environment(
        loader=DictLoader({"page": _read("page.html.j2")}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        # Names are made plain in one place, so that no template can forget it.
        finalize=_shown,
    )
    environment.tests |= {"lines": _is(Lines), "table": _is(Table), "drawing": _is(Drawing), "pseudonym": _is_pseudonym}
    style = _read("page.css") + _margins(document)
    policy = f"default-src 'none'; style-src {_hash(style)}; base-uri 'none'; form-action 'none'"
    stamp = document.stamp
    title = " · ".join((plain(document.title, 80), stamp.heading, stamp.run, stamp.data))
    # Markup: title and policy are escaped or without markup; style and drawings are this package's own.
    page = environment.get_template("page").render(
        document=document,
        title=Markup(escape(plain(title, _LENGTH))),  # noqa: S704
        policy=Markup(policy),  # noqa: S704
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
        "@top-left": css_string(stamp.heading),
        "@top-right": css_string(document.title[:60]),
        "@bottom-left": f'{css_string(stamp.run)} "\\a " {css_string(stamp.data)}',
        "@bottom-right": f'{number} "\\a " {css_string(stamp.disclaimer)}',
    }
    return "@page {\n" + "".join(f"  {box} {{ content: {content}; }}\n" for box, content in boxes.items()) + "}\n"


def _shown(value: Any) -> Any:
    """Text made plain; what reads from right to left cannot turn what stands beside it."""
    from markupsafe import Markup, escape

    if type(value) is not str:
        return value
    text = plain(value, _LENGTH)
    # Every part is escaped; the text of a match is escaped like the text between.
    marked = (f"<bdi>{escape(p)}</bdi>" if n % 2 else str(escape(p)) for n, p in enumerate(_FROM_RIGHT.split(text)))
    return Markup("".join(marked))  # noqa: S704


def _is_pseudonym(value: Any) -> bool:
    return isinstance(value, str) and _PSEUDONYM.fullmatch(value) is not None


def _is(kind: type) -> Any:
    return lambda block: isinstance(block, kind)


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(sha256(content.encode('utf-8')).digest()).decode('ascii')}'"


@cache
def _read(name: str) -> str:
    # HTML parsers turn line ends into \n before they compare hashes.
    return (
        files("graphwatch.report.form").joinpath(f"template/{name}").read_text(encoding="utf-8").replace("\r\n", "\n")
    )
