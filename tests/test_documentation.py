"""The documentation leads somewhere: links, commands with their options, and calls from Python all exist."""

import ast
import inspect
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import click
import pytest

import graphwatch
from graphwatch.cli.main import graphwatch as command_line
from graphwatch.project import Project

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")])
SCRIPTS = sorted(ROOT.glob("examples/*.sh"))
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
IN_LINE = re.compile(r"`(graphwatch\s[^`]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


def named(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def prose(page: Path) -> str:
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def blocks(page: Path, *languages: str) -> list[str]:
    return [block for language, block in FENCE.findall(page.read_text(encoding="utf-8")) if language in languages]


def anchors(page: Path) -> set[str]:
    """What can stand behind # in an address of the page, as GitHub makes it from headings."""
    headings = re.findall(r"^#+ +(.+?) *$", prose(page), re.MULTILINE)
    kept = [re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings]
    return {f"{name}-{kept[:i].count(name)}" if name in kept[:i] else name for i, name in enumerate(kept)}


@pytest.mark.parametrize("page", named(PAGES))
def test_every_link_inside_the_project_leads_to_a_file_and_a_heading(page: str) -> None:
    here = ROOT / page
    for target in LINK.findall(prose(here)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = unquote(target).partition("#")
        file = (here.parent / name).resolve() if name else here
        assert file.is_relative_to(ROOT), f"{target} leads out of the project"
        assert file.exists(), f"{target} leads nowhere"
        assert not anchor or anchor in anchors(file), f"{target}: no such heading"


def command_lines(text: str) -> Iterator[list[str]]:
    """The words of every call of graphwatch in a block of shell, without prompts, comments, pipes and redirections."""
    for line in text.replace("\\\n", " ").splitlines():
        lexer = shlex.shlex(line.removeprefix("$ "), posix=True, punctuation_chars="|<>;&")
        lexer.whitespace_split = True
        part: list[str] = []
        for word in [*lexer, ";"]:
            if not set(word) <= set("|<>;&"):
                part.append(word)
                continue
            words = [w for w in part if w != "…"]
            if words and Path(words[0]).name == "graphwatch":
                yield words[1:]
            part = []


def calls(path: Path) -> Iterator[list[str]]:
    if path.suffix == ".sh":
        yield from command_lines(path.read_text(encoding="utf-8"))
        return
    for block in blocks(path, "sh"):
        yield from command_lines(block)
    for block in blocks(path, "console"):
        yield from command_lines("\n".join(line for line in block.splitlines() if line.startswith("$ ")))


def resolved(words: list[str]) -> tuple[click.Context, click.Command, list[str]]:
    """The command that the words name, and what is left for it."""
    command: click.Command = command_line
    context = click.Context(command, info_name="graphwatch")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        inner = command.get_command(context, words[0])
        if inner is None:
            break
        command, words = inner, words[1:]
        context = click.Context(command, info_name=command.name, parent=context)
    return context, command, words


def parse(words: list[str]) -> None:
    """Refuse what click would refuse, but for files that are not here; nothing is run."""
    context, command, rest = resolved(words)
    if isinstance(command, click.Group) and rest and not command.invoke_without_command:
        raise click.UsageError(f"no command {rest[0]}")
    values, left, _ = command.make_parser(context).parse_args(list(rest))
    if left:
        raise click.UsageError(f"too much: {left}")
    for parameter in command.params:
        given = parameter.name in values and not parameter.value_is_missing(values[parameter.name])
        if not given and parameter.required:
            raise click.UsageError(f"lacks {parameter.name}")
        if given and not isinstance(parameter.type, click.Path | click.File):
            parameter.type_cast_value(context, values[parameter.name])


@pytest.mark.parametrize("page", named([*PAGES, *SCRIPTS]))
def test_every_command_shown_is_one_that_click_takes(page: str) -> None:
    for words in calls(ROOT / page):
        try:
            parse(words)
        except click.ClickException as error:
            pytest.fail(f"graphwatch {' '.join(words)}: {error.format_message()}")


@pytest.mark.parametrize("page", named(PAGES))
def test_every_command_named_in_a_sentence_exists_with_its_options(page: str) -> None:
    for text in IN_LINE.findall(prose(ROOT / page)):
        _, command, rest = resolved(text.split()[1:])
        known = {option for parameter in command.params for option in parameter.opts + parameter.secondary_opts}
        given = {word.split("=")[0] for word in rest if word.startswith("--")}
        assert given <= known | {"--help", "--version"}, text
        if isinstance(command, click.Group):  # as in `store about | forget`
            assert {word for word in rest if word[0] != "-"} <= {"|", *command.commands}, text


@pytest.mark.parametrize("page", named(PAGES))
def test_every_call_in_python_has_a_method_and_arguments_that_exist(page: str) -> None:
    for block in blocks(ROOT / page, "python"):
        for node in ast.walk(ast.parse(block)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if isinstance(node.func.value, ast.Name) and node.func.value.id in ("project", "gw"):
                owner = Project if node.func.value.id == "project" else graphwatch
                arguments = [None] * (len(node.args) + (owner is Project))
                keywords = {keyword.arg: None for keyword in node.keywords if keyword.arg}
                inspect.signature(getattr(owner, node.func.attr)).bind(*arguments, **keywords)


def test_what_is_wrong_would_be_found() -> None:
    for line in ("detekt", "detect --windw 60", "detect --window x", "explain", "store forgot", "coverage all"):
        [words] = command_lines(f"$ graphwatch {line} | head  # what it is for")
        with pytest.raises(click.ClickException):
            parse(words)
