"""An attacker who holds the same public records, and a file under pseudonyms: who is found again?

Everyone guesses among the public records that agree with the file; a guess among n is right once in n. Chance is what
is found by what a file says on purpose: the platform, and of accounts how many acts of which kind, with a time or not.
"""

import csv
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import openpyxl
import pytest

import graphwatch
from graphwatch.export.parts import Part
from graphwatch.platforms.naming import post_name
from graphwatch.privacy.times import Times
from graphwatch.project import Project
from graphwatch.repository.calendars import coarse_times
from graphwatch.settings import FEWEST_ALIKE

# What an attacker may find, in terms of chance.
MOST = 1.2


def ms(text: str) -> int | None:
    return int(datetime.fromisoformat(text).timestamp() * 1000) if text else None


Acts = list[tuple[str, int | None]]
KINDS = ("LIKED", "COMMENTED", "SHARED", "MENTIONED")
ROOT = Path(__file__).resolve().parents[2]


class Records(NamedTuple):
    """The public records: the time of each post, the kinds and times of the acts of each account, who acted on what."""

    posts: dict[str, int | None]
    acts: dict[str, Acts]
    links: set[tuple[str, str, str]]
    phases: list[dict[str, Any]]
    names: dict[str, str]


@pytest.fixture(scope="module")
def project(demo_store: Path) -> Iterator[Project]:
    with graphwatch.open(demo_store) as opened:
        yield opened


@pytest.fixture(scope="module")
def public(project: Project, demo_folder: Path) -> Records:
    """With `names`: who is who, which only the key tells."""

    def rows(name: str) -> Iterator[dict[str, str]]:
        (file,) = demo_folder.glob(f"data-*/{name}.csv")
        with file.open(encoding="utf-8", newline="") as opened:
            yield from csv.DictReader(opened)

    # As the store spells them: whoever holds the records can do so, too.
    def post(id: str, platform: str) -> str:
        return f"{platform}:{post_name(id, platform).id}"

    acts, links = defaultdict(list), set()
    for row in rows("interactions"):
        if row["kind"] in KINDS:
            account = f"{row['platform']}:{row['account']}"
            acts[account].append((row["kind"], ms(row["at"])))
            links.add((account, row["kind"], post(row["object"], row["platform"])))
    posts = {post(row["post"], row["platform"]): ms(row["at"]) for row in rows("posts")}
    graph, keyed = project.graph(), project._workspace.pseudonyms
    called = {"Post": keyed.post, "Account": keyed.account}
    names = {called[kind](id): id for id, kind in graph.nodes(data="label") if kind in called}
    return Records(posts, dict(acts), links, graph.graph["phases"], names)


@pytest.fixture(scope="module")
def handed_on(project: Project, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return exported(project, tmp_path_factory.mktemp("handed"))


def exported(project: Project, folder: Path, **options: Any) -> dict[str, Any]:
    project.export(folder / "out.json", to="json", **options)
    found: dict[str, Any] = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    return found


def right(truth: str, records: Mapping[str, Any], fits: Callable[[Any], bool]) -> float:
    """The chance that a guess is right: among the records of its platform that fit."""
    platform = truth.partition(":")[0]
    candidates = [id for id, record in records.items() if id.startswith(f"{platform}:") and fits(record)]
    return 1 / len(candidates) if truth in candidates else 0.0


def posts_found(public: Records, file: Mapping[str, Any], told: Callable[[int | None], int | None] | None) -> float:
    """Posts that are found by what is told of their times; by chance where nothing is."""
    seen = {node["id"]: node.get("at_ms") for node in file["nodes"] if node["label"] == "Post"}

    def found(name: str) -> float:
        return right(public.names[name], public.posts, lambda at: told is None or told(at) == seen[name])

    return sum(map(found, seen))


Told = Callable[[str, str, int | None], int | None]


def accounts_found(
    public: Records,
    file: Mapping[str, Any],
    told: Told,
    fits: Callable[[Counter[Any], Counter[Any]], bool] = Counter.__le__,
) -> float:
    """Accounts that are found by their acts of each kind and what is told of account, kind and time of each.

    Args:
        fits: whether the acts in the file may be some of those in the records.
    """
    seen: defaultdict[str, Counter[tuple[str, int | None]]] = defaultdict(Counter)
    for edge in file["edges"]:
        if edge["type"] in KINDS:
            seen[edge["source"]][edge["type"], told("", edge["type"], edge.get("at_ms"))] += 1
    known = {id: Counter((kind, told(id, kind, at)) for kind, at in acts) for id, acts in public.acts.items()}

    def found(name: str) -> float:
        return right(public.names[name], known, lambda record: fits(seen[name], record))

    return sum(map(found, seen))


def company_found(public: Records, file: Mapping[str, Any]) -> tuple[float, float]:
    """Accounts and posts that are found by who acted on what and with whom, and by nothing else.

    A record with as many acts may be an account of the file where for each of its acts there is one of that record's on
    what may be that post, and the other way round for posts; whoever is known is nobody else. So it goes on until
    nothing changes.
    """
    links = {(edge["source"], edge["type"], edge["target"]) for edge in file["edges"] if edge["type"] in KINDS}
    sides = [sorted({link[end] for link in of}) for end in (0, 2) for of in (links, public.links)]
    seen, known = (
        {kind: _matrix({(a, p) for a, k, p in of if k == kind}, whose, what) for kind in KINDS}
        for of, whose, what in ((links, sides[0], sides[2]), (public.links, sides[1], sides[3]))
    )
    platforms = np.array([public.names[name].partition(":")[0] for name in (*sides[0], *sides[2])])
    fits = [
        np.array([[platform == id.partition(":")[0] for id in ids] for platform in platforms[part]], np.float32)
        for part, ids in ((slice(len(sides[0])), sides[1]), (slice(len(sides[0]), None), sides[3]))
    ]
    for kind in KINDS:
        fits[0] *= seen[kind].sum(axis=1)[:, None] <= known[kind].sum(axis=1)
        fits[1] *= seen[kind].sum(axis=0)[:, None] <= known[kind].sum(axis=0)
    before = -1.0
    while (now := float(fits[0].sum() + fits[1].sum())) != before:
        before = now
        for kind in KINDS:
            for side, (own, theirs) in enumerate(((seen[kind], known[kind]), (seen[kind].T, known[kind].T))):
                there = theirs @ fits[1 - side].T > 0
                fits[side] *= own @ there.T.astype(np.float32) >= own.sum(axis=1, keepdims=True)
        for one in fits:
            sure = one.sum(axis=1) == 1
            one[~sure] *= one[sure].sum(axis=0) == 0

    def found(names: list[str], ids: list[str], fit: "np.ndarray[Any, Any]") -> float:
        place = {id: n for n, id in enumerate(ids)}
        return sum(float(row[place[public.names[name]]] / row.sum()) for name, row in zip(names, fit, strict=True))

    return found(sides[0], sides[1], fits[0]), found(sides[2], sides[3], fits[1])


def _matrix(links: set[tuple[str, str]], whose: list[str], what: list[str]) -> "np.ndarray[Any, Any]":
    """1 where the account of that row did it to the post of that column."""
    rows, columns = ({name: n for n, name in enumerate(names)} for names in (whose, what))
    made = np.zeros((len(whose), len(what)), np.float32)
    for account, post in links:
        made[rows[account], columns[post]] = 1
    return made


def phase_of(public: Records, at_ms: int | None) -> int | None:
    """The place of the phase in the calendar, counted without the code that is tested."""
    return (
        None if at_ms is None else sum(at_ms >= phase[end] for phase in public.phases for end in ("from_ms", "to_ms"))
    )


def may_be(seen: Counter[Any], record: Counter[Any]) -> bool:
    """Whether one is the other where acts may have been told of another phase, and nobody knows which were."""
    ((_, campaign), _) = Counter({key: n for key, n in record.items() if key[1] is not None}).most_common(1)[0]
    totals = Counter[Any](), Counter[Any]()
    for of, total in zip((seen, record), totals, strict=True):
        for (kind, phase), n in of.items():
            total[kind, phase is None] += n
    told = {key: n for key, n in seen.items() if key[1] not in (None, campaign)}
    return totals[0] <= totals[1] and all(n <= record[key] for key, n in told.items())


def test_times_find_nobody_again(public: Records, handed_on: dict[str, Any]) -> None:
    times = Times(public.phases)
    chance = posts_found(public, handed_on, None)
    assert 0 < posts_found(public, handed_on, times.told) <= MOST * chance


def test_kinds_and_phases_find_hardly_more_accounts_than_kinds(
    project: Project, public: Records, handed_on: dict[str, Any], tmp_path: Path
) -> None:
    def phase(_: str, __: str, at: int | None) -> int | None:
        return phase_of(public, at)

    chance = accounts_found(public, handed_on, lambda *act: None if act[2] is None else 0)
    # One does not know what is told otherwise than it was, one knows it as well as we.
    assert 0 < accounts_found(public, handed_on, phase, may_be) <= MOST * chance
    as_told = coarse_times(project.store, public.acts, FEWEST_ALIKE)
    assert 0 < accounts_found(public, handed_on, lambda of, kind, at: as_told.told(at, of, kind)) <= MOST * chance
    assert 0 < accounts_found(public, handed_on, phase) <= MOST * chance
    # What it is for: more are found where all is told.
    all_told = accounts_found(public, exported(project, tmp_path, alike=1), phase)
    assert all_told > MOST * chance
    _check_pages(chance, accounts_found(public, handed_on, phase, may_be), all_told)


def _check_pages(*found: float) -> None:
    """The pages that say how many are found say what was counted."""
    chance, told, all_told = (f"{n:.0f}" for n in found)
    for name, wanted in {
        "reliability.md": (f"{told} of 555", f"instead of {chance}"),
        "dpia-template.en.md": (f"{told} of 555", f"{chance} of them", f"{all_told} with `--alike 1`"),
        "dpia-template.id.md": (f"{told} dari 555", f"{chance} di antaranya", f"{all_told} dengan `--alike 1`"),
    }.items():
        text = re.sub(r"\s+", " ", (ROOT / "docs" / name).read_text(encoding="utf-8"))
        assert [part for part in wanted if part not in text] == [], name


def test_what_is_no_secret_is_said(public: Records, handed_on: dict[str, Any]) -> None:
    """Who acted on what is what a file is for, and by that all are found: the pages say so and promise nothing else."""
    accounts, posts = company_found(public, handed_on)
    told = f"{accounts:.0f} of 555 accounts and {posts:.0f} of 480 posts"
    for name in ("reliability.md", "adr/0055-what-pseudonyms-do-not-hide.md"):
        assert told in re.sub(r"\s+", " ", (ROOT / "docs" / name).read_text(encoding="utf-8")), told
    assert accounts > 0.9 * 555


def test_files_beside_each_other_tell_no_more_than_one(
    project: Project, handed_on: dict[str, Any], tmp_path: Path
) -> None:
    """The same act, post or pair has the same times in all: the whole network, a cluster's, and what is near one."""

    def by_key(file: dict[str, Any]) -> dict[str, Any]:
        return {element.get("key") or element["id"]: element for element in file["nodes"] + file["edges"]}

    whole = by_key(handed_on)
    one = next(edge["source"] for edge in handed_on["edges"] if edge["type"] == "MEMBER_OF")
    for part in (Part(cluster=1), Part(ego=one)):
        own = by_key(exported(project, tmp_path, part=part))
        shared = own.keys() & whole.keys()
        assert len(shared) > 20
        for time in ("at_ms", "first_ms", "last_ms"):
            assert {key: own[key].get(time) for key in shared} == {key: whole[key].get(time) for key in shared}


def test_who_acted_in_the_quiet_period_is_told(public: Records, handed_on: dict[str, Any]) -> None:
    (quiet,) = (phase for phase in public.phases if phase["name"] == "masa_tenang")
    edges = [edge for edge in handed_on["edges"] if edge["type"] in KINDS]
    told = {edge["source"] for edge in edges if edge.get("at_ms") == quiet["from_ms"]}
    shown = {edge["source"] for edge in edges}
    true = {
        name
        for name in shown
        for _, at in public.acts[public.names[name]]
        if at is not None and quiet["from_ms"] <= at < quiet["to_ms"]
    }
    assert told <= true
    assert len(told) > 0.7 * len(true)


def test_the_attacker_is_able(project: Project, public: Records, tmp_path: Path) -> None:
    """In steps of an hour, which somebody may ask for, nearly all are found again."""
    file, times = exported(project, tmp_path, minutes=60), Times(public.phases, 60)
    posts = sum(node["label"] == "Post" for node in file["nodes"])
    assert posts_found(public, file, times.told) > 0.8 * posts
    assert accounts_found(public, file, lambda _, __, at: times.told(at)) > 100


def test_no_order_or_number_tells_which_record_it_is(public: Records, handed_on: dict[str, Any]) -> None:
    order = [public.names[node["id"]] for node in handed_on["nodes"] if node["label"] == "Post"]
    by_time = sorted(order, key=lambda post: public.posts[post] or 0)
    # One in expectation, whatever the order of the file.
    assert sum(one == other for one, other in zip(order, by_time, strict=True)) <= 8
    assert not [row for edge in handed_on["edges"] for row in edge.get("sources", ()) if ":" in row]
    pairs = [edge for edge in handed_on["edges"] if edge["type"] == "CO_INTERACTED"]
    own = {"n", "weight", "kinds", "coordinated", "shared_interest", "first_ms", "last_ms"}
    assert set().union(*pairs) <= own | {"type", "id", "key", "source", "target", "run", "layer", "window_ms"}


def test_no_form_has_the_exact_time_of_an_act(project: Project, public: Records, tmp_path: Path) -> None:
    acted = {at for acts in public.acts.values() for _, at in acts} | set(public.posts.values())
    exact = {str(at) for at in acted - {phase["from_ms"] for phase in public.phases} if at is not None}
    for to in ("gexf", "csv"):
        project.export(tmp_path / to, to=to)
    for path in (tmp_path / "gexf", tmp_path / "csv" / "nodes.csv", tmp_path / "csv" / "edges.csv"):
        numbers = set(re.findall(r"\b17\d{11}\b", path.read_text(encoding="utf-8")))
        assert numbers
        assert not numbers & exact, path.name


def test_documents_tell_phases_and_no_rows(project: Project, public: Records, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    project.report("cluster", "1", path=path, lang="en")
    rows = list(openpyxl.load_workbook(path)["Evidence"].iter_rows(min_row=3, values_only=True))
    assert {row[1] for row in rows} <= {phase["name"].replace("_", " ") for phase in public.phases}
    assert all(re.fullmatch(r"S\d+", str(row[6])) for row in rows)
    project.report("cluster", "1", path=path, lang="en", unmask=True, reason="case 12")
    opened = list(openpyxl.load_workbook(path)["Evidence"].iter_rows(min_row=3, values_only=True))
    assert len(opened) == len(rows)
    assert all("row" in str(row[6]) and str(row[1]).endswith("WIB") for row in opened)
