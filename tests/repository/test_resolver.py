"""Whoever names a node, in whatever spelling and to whichever command, means the same node."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from graph_rows import accounts, likes, roster

from graphwatch.detection.config import DetectionConfig
from graphwatch.detection.question import parameters_of
from graphwatch.errors import NothingFound, UsageError
from graphwatch.export.parts import Part, part_of
from graphwatch.model.declaring import Key
from graphwatch.model.tables import node_rows, relation_rows
from graphwatch.project import Project
from graphwatch.repository.resolver import ENDS, candidates, resolve, resolve_any, resolve_many
from graphwatch.rights.subject import resolve_subject

# What reads a whole network or writes a document is asked with some of the spellings.
SLOW = ("metrics", "export --ego", "export --path", "report")
EVERYTHING = (*ENDS, "Asn", "Cluster", "Complaint")
SECRET_POST = "https://x.com/paslon1/status/5001"


def filled(project: Project, _: Path) -> None:
    """Three like posts of a page at once; some who are called alike; a roster, complaints and a run."""
    people = [
        {"id": "x:9001", "platform": "x", "handle": "Ani", "url": "https://x.com/Ani"},
        {"id": "x:9002", "platform": "x", "handle": "budi"},
        {"id": "x:9003", "platform": "x", "handle": "cici"},
        {"id": "instagram:77", "platform": "instagram", "handle": "kembar"},
        {"id": "tiktok:78", "platform": "tiktok", "handle": "Kembar"},
        {"id": "forum:79", "platform": "forum", "handle": "Wati"},
        {"id": "forum:80", "platform": "forum", "handle": "wati"},
        *(
            {"id": f"x:many{n:02}", "platform": "x", "handle": f"many{n:02}", "url": "https://x.com/m"}
            for n in range(12)
        ),
    ]
    page = {"id": "x:5000", "platform": "x", "handle": "paslon1", "name": "Paslon Satu", "url": "https://x.com/paslon1"}
    posts = [{"id": f"x:{n}", "platform": "x", "url": f"https://x.com/paslon1/status/{n}"} for n in (5001, 5002, 5003)]
    acts = [
        {"from": a, "to": post["id"], "id": f"{a}-{post['id']}", "kind": "LIKED", "at_ms": 1_728_000_000_000 + n}
        for post in posts
        for n, a in enumerate(("x:9001", "x:9002", "x:9003"))
    ]
    with project.store.write("load") as writing:
        writing.add(accounts(*people))
        writing.add(node_rows("Page", [page]))
        writing.add(node_rows("Paslon", [{"id": "01", "name": "Satu & Dua"}]))
        writing.add(node_rows("Post", posts))
        writing.add(likes(*acts))
        writing.add(relation_rows("PUBLISHED", "Page", "Post", [_link(page["id"], post["id"]) for post in posts]))
        writing.add(relation_rows("SUPPORTS", "Page", "Paslon", [_link(page["id"], "01")]))
        writing.add(node_rows("Complaint", [{"id": "C-1"}, {"id": "7"}]))
        for table in roster({"x:9001": ("dinas-a", "verified"), "x:9002": ("dinas-b", "verified")}):
            writing.add(table)
    project.detect(fdr=None)


def _link(start: str, end: str) -> dict[str, object]:
    return {"from": start, "to": end, "id": f"{start}>{end}"}


@pytest.fixture
def project(fill_project: Callable[[Any], Project]) -> Project:
    return fill_project(filled)


@pytest.fixture
def embedded(copied_project: Callable[[Any], Project]) -> Project:
    return copied_project(filled)


def of_ani(project: Project) -> list[str]:
    pseudonym = project.workspace.pseudonyms.account("x:9001")
    return [
        *("x:9001", " x:9001 ", "9001", "@Ani", "ani", "ANI", "x:@ani", "x:Ani", "Account:x:9001", "Account:@ani"),
        *("https://x.com/Ani", "http://www.x.com/ani/", "twitter.com/ANI?s=20", "https://x.com/i/user/9001"),
        *(pseudonym, pseudonym.lower(), f"Account:{pseudonym}"),
    ]


def test_every_spelling_of_an_account_is_one_node_to_every_command(project: Project, tmp_path: Path) -> None:
    ani, budi = Key("Account", "x:9001"), "x:9002"
    name = project.workspace.pseudonyms.account(ani.id)

    def reported(word: str) -> bool:
        project.report("account", word, path=tmp_path / "r.md", to="md")
        return name in (tmp_path / "r.md").read_text(encoding="utf-8")

    asked: dict[str, tuple[Callable[[str], object], object]] = {
        "trace": (lambda word: [(n.label, n.id) for n in project.trace(word, budi).starts], [ani]),
        "neighbours": (lambda word: project.neighbours(word, depth=1).to_arrow()["id"][0].as_py(), ani.id),
        "explain": (lambda word: {m.account for m in project.explain(word, budi).members}, {ani.id, budi}),
        "explain, the other way": (
            lambda word: {m.account for m in project.explain(budi, word).members},
            {ani.id, budi},
        ),
        "metrics": (
            lambda word: project.metrics(["degree"], ego=word).part,
            project.metrics(["degree"], ego=ani.id).part,
        ),
        "watch": (lambda word: project.watch(word, reason="patroli").id, ani.id),
        "store about, store forget": (lambda word: resolve_subject(project.workspace, word, None).ids, [ani.id]),
        "review": (lambda word: (project.lead(word).kind, project.lead(word).id), ("account", ani.id)),
        "export --ego": (
            lambda word: set(part_of(project.workspace, Part(ego=word))),
            set(part_of(project.workspace, Part(ego=ani.id))),
        ),
        "export --path": (lambda word: part_of(project.workspace, Part(path=(word, budi))).graph["starts"], [ani.id]),
        "report": (reported, True),
    }
    for place, word in enumerate(of_ani(project)):
        assert resolve(project.workspace, word) == ani, word
        for command, (of, expected) in asked.items():
            if command not in SLOW or place % 5 == 0:
                assert of(word) == expected, (command, word)


@pytest.mark.parametrize(
    ("label", "id", "words"),
    [
        ("Page", "x:5000", ["x:5000", "5000", "@Paslon1", "PASLON1", "paslon satu", "x.com/paslon1", "Page:x:5000"]),
        ("Post", "x:5001", ["x:5001", "5001", SECRET_POST, "twitter.com/p/status/5001?s=20", "Post:5001"]),
        ("Paslon", "01", ["01", "satu & dua", "Paslon:01"]),
        ("Agency", "dinas-a", ["dinas-a", "Agency:dinas-a"]),
        ("Asn", "asn-x:9001", ["asn-x:9001", "Asn:asn-x:9001"]),
        ("Complaint", "C-1", ["C-1", "Complaint:C-1"]),
    ],
)
def test_every_spelling_of_other_nodes(project: Project, label: str, id: str, words: list[str]) -> None:
    for word in words:
        labels = ENDS if label == "Paslon" else EVERYTHING  # 01 is the number of a cluster, too
        assert resolve(project.workspace, word, labels) == Key(label, id), word
    if label == "Post":
        assert resolve(project.workspace, project.workspace.pseudonyms.post(id)) == Key(label, id)


def test_a_cluster_by_number_by_id_and_in_its_run(project: Project) -> None:
    run = project.query("MATCH (r:Run) RETURN r.id AS id").to_arrow()["id"][0].as_py()
    for word in ("1", f"{run}:1", "Cluster:1", f"Cluster:{run}:1"):
        assert resolve(project.workspace, word, ("Cluster",)) == Key("Cluster", f"{run}:1")
        assert resolve(project.workspace, word, ("Cluster", "Complaint", "Account"), run=run).id == f"{run}:1"
    assert project.explain(1).id == project.explain(f"{run}:1").id == project.lead("1").id == f"{run}:1"
    with pytest.raises(NothingFound, match=f"{run} has no cluster 2"):
        resolve(project.workspace, "2", ("Cluster",))
    for wrong in ({"layer": "LIKED"}, {"run": "R-0"}):
        with pytest.raises(NothingFound):
            resolve(project.workspace, "1", ("Cluster",), **wrong)  # type: ignore[arg-type]
    with pytest.raises(NothingFound):
        resolve(project.workspace, "9" * 5000, ("Cluster",))


def test_pages_and_paslon_of_a_detection_by_any_name(project: Project) -> None:
    by_id = parameters_of(project.workspace, DetectionConfig(pages=("x:5000",), paslon="01"))
    for page, paslon in (("@paslon1", "01"), ("5000", "satu & dua"), ("https://x.com/paslon1/", "Paslon:01")):
        assert parameters_of(project.workspace, DetectionConfig(pages=(page, "x:5000"), paslon=paslon)) == by_id
    assert parameters_of(project.workspace, DetectionConfig(pages=("Paslon Satu",))).scope.pages == ("x:5000",)


def test_several_are_listed_and_the_platform_tells_them_apart(project: Project) -> None:
    with pytest.raises(UsageError, match="Account:instagram:77, Account:tiktok:78"):
        resolve(project.workspace, "@KEMBAR")
    assert (
        resolve(project.workspace, "tiktok:@kembar").id
        == resolve(project.workspace, "kembar", platform="tiktok").id
        == "tiktok:78"
    )
    assert resolve(project.workspace, "https://www.tiktok.com/@kembar").id == "tiktok:78"
    assert resolve(project.workspace, "kembar", among=[Key("Account", "instagram:77")]).id == "instagram:77"
    assert len(resolve_any(project.workspace, "kembar")) == 2
    with pytest.raises(UsageError) as told:
        resolve(project.workspace, "https://x.com/m")
    assert told.value.what.count("Account:x:many") == 10
    assert told.value.what.endswith("and 2 more")
    assert [key.id for key in resolve_many(project.workspace, ["@ani", "budi", "x:9001"])] == ["x:9001", "x:9002"]


def test_case_counts_on_platforms_that_are_not_known_to_have_none(project: Project) -> None:
    assert resolve(project.workspace, "Wati").id == "forum:79"
    assert resolve(project.workspace, "@wati").id == "forum:80"
    assert len(resolve_any(project.workspace, "WATI")) == 2


def test_an_id_comes_before_everything_else(project: Project) -> None:
    with project.store.write("load") as writing:
        writing.add(accounts({"id": "x:9100", "platform": "x", "handle": "01"}))
    assert resolve(project.workspace, "01") == Key("Paslon", "01")
    assert resolve(project.workspace, "@01") == Key("Account", "x:9100")


def test_the_address_of_a_post_is_no_account(project: Project) -> None:
    with pytest.raises(NothingFound):
        resolve(project.workspace, "https://x.com/ani/status/404")
    assert resolve(project.workspace, "https://x.com/ani/status/404", ("Account",)).id == "x:9001"  # who published it


@pytest.mark.parametrize(
    ("word", "labels", "said"),
    [
        ("anni", ENDS, "Nearest: Ani"),
        ("x.com/anni", ENDS, "Nearest: Ani"),
        ("x:900", ("Account",), "Nearest: x:9001, x:9002, x:9003"),
        ("x:500", ("Page",), "Nearest: x:5000"),
        ("paslonn satu", ("Page",), "Nearest: Paslon Satu"),
        ("zzz", ("Paslon",), "Known are 01"),
        ("zzz", ("Account", "Page"), "no account or page called 'zzz'"),
        ("C1", ("Complaint",), "Nearest: C-1"),
        ("zzz", ("Asn",), "no person called 'zzz'"),
        ("Agency:dinas-a", ("Account",), "no account called 'Agency:dinas-a'"),
        ("A-AAAAAAAAAAAAAAAA", ENDS, "Name it by its id"),
    ],
)
def test_what_is_not_there_is_said_with_what_is_near(
    embedded: Project, word: str, labels: tuple[str, ...], said: str
) -> None:
    with pytest.raises(NothingFound, match=said):
        resolve(embedded.workspace, word, labels)


HOSTILE = (
    *("", " ", "@", "'", '"', "`", "``", "' OR 1=1 //", "') RETURN 1 //", "\\", "$ids", "{name}", "%s", "\0", "a\0b"),
    *("\ud800", "@\udfff", "\u202enia", "Account:", "Account:\ud800", "https://", "https://[", "://", "x:", "x:@", ":"),
    *("x.com/", "1" * 5000, "@" + "a" * 100_000, "A-" + "Z" * 16, "İ", "٣", "🧿" * 50, "\n", "n.id", "-1", "1e9"),
)


def test_hostile_texts_name_nothing(project: Project) -> None:
    for word in HOSTILE:
        with pytest.raises(NothingFound) as told:
            resolve(project.workspace, word, EVERYTHING)
        assert len(str(told.value)) < 1000
        str(told.value).encode()
        assert "\u202e" not in str(told.value)
    assert not any(candidates(project.workspace, [(word, None) for word in HOSTILE], EVERYTHING).values())


def test_texts_are_looked_for_together(embedded: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    read = embedded.store.read

    def counted(cypher: str, *given: Any, **asked_with: Any) -> Any:
        asked.append(cypher)
        return read(cypher, *given, **asked_with)

    monkeypatch.setattr(embedded.store, "read", counted)
    found = candidates(embedded.workspace, [("@ani", None), ("budi", "x"), ("nobody", None)], ("Account",))
    assert {text: [k.id for k in keys] for (text, _), keys in found.items()} == {
        "@ani": ["x:9001"],
        "budi": ["x:9002"],
        "nobody": [],
    }
    assert len(asked) == 3  # by id, by native id, by handle
    asked.clear()
    resolve(embedded.workspace, "x:9001", ("Account",))
    assert len(asked) == 1
