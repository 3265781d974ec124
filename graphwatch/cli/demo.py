"""`graphwatch demo`."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from graphwatch.cli.notes import note

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
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Language of the page.")
def demo(folder: Path, seed: int, lang: str) -> None:
    """Make a synthetic Pilkada with its roster and complaints, load it, detect, and draw what was found.

    Needs no server and no network. All names are fictional. It ends with commands to go on with.
    """
    from graphwatch.demonstration import demo as run_demo

    report(run_demo(folder, seed=seed, language=lang, say=note))


def report(done: "Demo") -> None:
    """Say what the demo made and found, and what to try next."""
    seen = done.detected.denominators
    click.echo(
        f"{seen['interactions']:,} timed interactions of {seen['accounts']:,} fictional accounts with "
        f"{seen['objects']:,} posts.\n{seen['pairs']:,} pairs acted together on three posts or more, as fans of a page "
        f"do; {done.detected.coordinated:,} beyond what chance explains, in {seen['clusters']:,} clusters."
    )
    for planted in done.planted:
        where = f"in cluster {planted.cluster}" if planted.cluster else "nowhere"
        click.echo(f"  planted {planted.number}: {planted.members} accounts, {planted.found} found {where}")
    click.echo(f"  {done.bystanders} accounts were found that nobody planted.")
    click.echo(f"Page:   {done.exported.path.resolve().as_uri()}  (open it in a browser)")
    click.echo(f"Store:  {done.store}\n\nGo on with\n  export GRAPHWATCH_STORE={shlex.quote(str(done.store))}")
    commands = [(f"graphwatch {shlex.join(words)}", shows) for words, shows in done.next]
    width = max(len(command) for command, _ in commands)
    for command, shows in commands:
        click.echo(f"  {command:{width}}  # {shows}")
    if done.detected.slowness:
        note(done.detected.slowness)
