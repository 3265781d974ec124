"""The page about Python: the public surface, from its signatures and docstrings."""

import inspect
import textwrap
from collections.abc import Iterator, Mapping

import graphwatch
from graphwatch.common.config import Config, options_of
from graphwatch.project import Project

BEGIN = """# In Python

`import graphwatch as gw` gives these names; nothing else is promised. `gw.open` opens a project, whose verbs are its
methods; the commands of the same names call them. What returns rows returns one `Table`.
"""
GROUPS = ("Begin", "Configs", "Results", "Errors")


def python_page() -> str:
    """Every public name by what it is for."""
    names = [name for name in graphwatch.__all__ if name != "__version__"]
    lines = [BEGIN]
    for group in GROUPS:
        lines += [f"## {group}", ""]
        for name in (name for name in names if _group(name) == group):
            lines += [f"### {name}", "", *_about(name, getattr(graphwatch, name))]
            if name == "Project":
                lines += _verbs()
    return "\n".join(lines)


def _group(name: str) -> str:
    found = getattr(graphwatch, name)
    if name in ("open", "demo", "Project"):
        return "Begin"
    if issubclass(found, Exception):
        return "Errors"
    return "Configs" if issubclass(found, Config) else "Results"


def _verbs() -> Iterator[str]:
    for name, verb in inspect.getmembers(Project, inspect.isfunction):
        if not name.startswith("_"):
            yield from (f"#### Project.{name}", "", *_about(name, verb))


def _about(name: str, found: object) -> Iterator[str]:
    """Signature and docstring; of a config its fields."""
    if inspect.isfunction(found):
        yield from ("```text", f"{name}({_parameters(found)})", "```", "")
    yield from ("```text", inspect.getdoc(found) or "", "```", "")
    if inspect.isclass(found) and issubclass(found, Config):
        yield from ("| field | default | what |", "|---|---|---|")
        usual = found()
        for field, option in options_of(found).items():
            yield f"| {field} | `{_shown(getattr(usual, field))}` | {option.help} |"
        yield ""


def _shown(usual: object) -> str:
    return repr(dict(usual)) if isinstance(usual, Mapping) else repr(usual)


def _parameters(function: object) -> str:
    """Names and defaults; types are in the package, for editors."""
    said, star = [], False
    for parameter in inspect.signature(function).parameters.values():  # type: ignore[arg-type]
        if parameter.name == "self":
            continue
        if parameter.kind is parameter.KEYWORD_ONLY and not star:
            said.append("*")
            star = True
        mark = "**" if parameter.kind is parameter.VAR_KEYWORD else ""
        usual = parameter.default
        shown = "" if usual is parameter.empty else "=…" if callable(usual) else f"={usual!r}"
        said.append(f"{mark}{parameter.name}{shown}")
    return textwrap.fill(", ".join(said), 110, subsequent_indent="    ", break_long_words=False)
