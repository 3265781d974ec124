"""`graphwatch demo`."""

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from graphwatch.cli.options import lang_option
from graphwatch.cli.tables import json_option, print_json
from graphwatch.cli.terminal import note
from graphwatch.common.i18n import text
from graphwatch.settings import TERMINAL_LANGUAGE

if TYPE_CHECKING:
    from graphwatch.demonstration import Demo


@click.command()
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=Path("graphwatch-demo"),
    show_default=True,
    help="Where the files and the store go.",
)
@click.option("--seed", default=2024, show_default=True, help="Another seed makes another Pilkada.")
@click.option("--serve", "shown", is_flag=True, help="Open the desk with it: the demo's store in the browser.")
@lang_option
@json_option
def demo(folder: Path, seed: int, shown: bool, lang: str | None, as_json: bool) -> None:
    """Make a synthetic Pilkada with its roster and complaints, load it, detect, and draw what was found.

    Needs no server and no network. All names are fictional. It ends with commands to go on with.
    """
    from graphwatch.demonstration import demo as run_demo

    done = run_demo(folder, seed=seed, lang=lang, say=note)
    if as_json:
        print_json(_numbers(done))
    else:
        report(done, done.detected.project.language(lang, otherwise=TERMINAL_LANGUAGE))
    if shown:
        from graphwatch.cli.serve import open_desk

        open_desk(str(done.store), None)


def _numbers(done: "Demo") -> dict[str, Any]:
    return {
        "store": done.store,
        "page": done.exported.path,
        "run": done.detected.run,
        "rows": done.rows,
        "denominators": done.detected.denominators,
        "coordinated": done.detected.coordinated,
        "planted": done.planted,
        "bystanders": done.bystanders,
        "next": [["graphwatch", *words] for words, _ in done.next],
    }


def report(done: "Demo", language: str) -> None:
    """Say what the demo made and found, and what to try next."""
    from graphwatch.explain.words import number

    def say(key: str, indent: str = "", **values: str | int | None) -> None:
        said = {name: number(value, language) if isinstance(value, int) else value for name, value in values.items()}
        click.echo(indent + text(f"demo.{key}", language, **said))  # type: ignore[arg-type]  # only a cluster is None

    seen = done.detected.denominators
    say("seen", interactions=seen["interactions"], accounts=seen["accounts"], objects=seen["objects"])
    say("found", pairs=seen["pairs"], coordinated=done.detected.coordinated, clusters=seen["clusters"])
    for planted in done.planted:
        say(f"planted{'' if planted.cluster else '_missed'}", "  ", **asdict(planted))
    say("bystanders", "  ", n=done.bystanders)
    say("page", page=done.exported.path.resolve().as_uri())
    say("store", store=str(done.store))
    click.echo()
    say("next")
    click.echo(f"  export GRAPHWATCH_STORE={shlex.quote(str(done.store))}")
    commands = [(f"graphwatch {shlex.join(words)}", shows) for words, shows in done.next]
    width = max(len(command) for command, _ in commands)
    for command, shows in commands:
        click.echo(f"  {command:{width}}  # {shows}")
    say("desk", command=f"graphwatch serve {shlex.quote(str(done.store))}")
    if done.detected.slowness:
        note(done.detected.slowness)
