"""The demo: a synthetic Pilkada with roster and complaints, loaded, searched, and compared with what was planted."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from graphwatch.common.i18n import text
from graphwatch.errors import UsageError
from graphwatch.ingest.provenance import Provenance
from graphwatch.project import open
from graphwatch.repository.demo import (
    accused_on_roster,
    duty_account,
    member_of_first,
    members_by_number,
    page_of_volunteers,
)
from graphwatch.settings import FDR, MIN_OBJECTS, TERMINAL_LANGUAGE

if TYPE_CHECKING:
    from graphwatch.detection.detecting import Detected
    from graphwatch.export.exporting import Exported
    from graphwatch.project import Project

_STATED: Final = Provenance(
    acquisition="synthetic: made by graphwatch demo",
    acquired_by="graphwatch demo",
    legal_basis="none needed: fictional accounts",
)


@dataclass(frozen=True, slots=True)
class Planted:
    """One planted cluster beside the found cluster that holds most of it (None where no found one does)."""

    number: int
    members: int
    found: int
    cluster: int | None


@dataclass(frozen=True, slots=True)
class Demo:
    """What the demo made and found: where it is, rows loaded, the run, planted against found, the page, what to try.

    `next` are commands of `graphwatch` without the store, each with what it shows.
    """

    folder: Path
    store: Path
    rows: int
    detected: "Detected"
    planted: list[Planted]
    bystanders: int
    exported: "Exported"
    next: list[tuple[list[str], str]]


def demo(
    folder: str | Path = "graphwatch-demo",
    *,
    seed: int = 2024,
    window: float | None = None,
    min_objects: int = MIN_OBJECTS,
    fdr: float | None = FDR,
    lang: str | None = None,
    say: Callable[[str], None] = lambda _: None,
) -> Demo:
    """Make a seeded synthetic Pilkada in a folder, load it, detect, and write the network page.

    Needs no server and no network. All names are fictional; nobody alive can have an NIP of its roster.

    Args:
        folder: where the files and the store go; made if need be.
        seed: another seed makes another Pilkada.
        window, min_objects, fdr: as for `detect`.
        lang: language of the page, and of what is said of the commands to try next, id or en; that of the locale when
            left out.
        say: called with a line before each step.

    Raises:
        GraphwatchError: the folder cannot be made, or nothing be written into it.
        UsageError: an argument is out of its range.
    """
    from graphwatch.detection.counting.pairs import is_compiled
    from graphwatch.scenarios.pilkada import pilkada

    if seed < 0:
        raise UsageError(f"a seed of {seed} is below 0", remedy="Give --seed 1.")
    folder = Path(folder)
    say("Making a synthetic Pilkada …")
    scenario = pilkada(seed=seed)
    files = scenario.write(folder / f"data-{seed}")
    store = folder / f"pilkada-{seed}.gw"
    with open(store, create=True) as project:
        project.provenance(_STATED, remember=True)
        project.load_calendar()
        rows = 0
        for kind, file in files.items():
            say(f"Loading {kind} …")
            rows += project.load(file, kind=kind).taken
        _watch(project)
        say("Detecting …" if is_compiled() else "Detecting …; the first time, half a minute for compiling")
        detected = project.detect(window=window, min_objects=min_objects, fdr=fdr)
        planted, bystanders = _compare(detected, scenario.truth)
        say("Drawing the page …")
        exported = project.export(folder / f"pilkada-{seed}.html", lang=lang)
        following = _next(detected, project.language(lang, otherwise=TERMINAL_LANGUAGE))
    return Demo(folder, store, rows, detected, planted, bystanders, exported, following)


def _watch(project: "Project") -> None:
    """Put an account that somebody complained about, and a page of volunteers, on the watchlist."""
    for found, reason in (
        (accused_on_roster(project.store), "pengaduan"),
        (page_of_volunteers(project.store), "relawan"),
    ):
        if found is not None:
            project.watch(found, reason=reason, by="graphwatch demo")


def _next(detected: "Detected", language: str) -> list[tuple[list[str], str]]:
    """Commands that have something to show in the demo's store."""
    commands = [
        ["coverage"],
        ["complaints"],
        ["changes", "--since", "2024-09-24", "--phase", "masa_tenang"],
        ["provisions", "--kind", "SHARED", "--at", "2024-10-01"],
        ["watch", "list"],
    ]
    if detected.denominators["clusters"]:
        member, duty = member_of_first(detected.project.store, detected.run), duty_account(detected.project.store)
        commands += [["explain", "1"], ["review", "list"], ["metrics"]]
        if member is not None and duty is not None:
            commands.append(["trace", member, duty])
    return [(words, text(f"demo.next.{words[0]}", language)) for words in commands]


def _compare(detected: "Detected", truth: dict[int, list[str]]) -> tuple[list[Planted], int]:
    """Each planted cluster beside the found one that holds most of it, and the found accounts nobody planted."""
    members = members_by_number(detected.project.store, detected.run)
    planted = []
    for number, accounts in sorted(truth.items()):
        shares = {cluster: len(found & set(accounts)) for cluster, found in members.items()}
        best = max(shares, key=lambda c: (shares[c], -c), default=None)
        best = best if best is not None and shares[best] else None
        found = shares[best] if best is not None else 0
        planted.append(Planted(number, len(accounts), found, best))
    everyone = {account for accounts in truth.values() for account in accounts}
    return planted, len(set().union(*members.values()) - everyone)
