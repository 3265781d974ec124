"""The daily work: the first screen, leads and decisions on them, complaints, coverage."""

from collections import defaultdict
from typing import Any, Final
from urllib.parse import quote, urlencode

import pyarrow as pa
from starlette.responses import Response

from graphwatch.casework.complaints import STATUSES
from graphwatch.casework.coverage import Coverage
from graphwatch.casework.leads import OPEN, Lead
from graphwatch.common.i18n import LANGUAGES
from graphwatch.common.table import Table
from graphwatch.desk.asking import Asked, drawn, onward
from graphwatch.desk.evidence import evidence
from graphwatch.desk.keeping import DECIDED
from graphwatch.desk.tables import Listed
from graphwatch.detection.cluster_matching import cluster_changes, comparable_runs
from graphwatch.errors import StoreMissing, UsageError
from graphwatch.explain.lag_words import lead_sections
from graphwatch.explain.model import Explanation, RegularLag
from graphwatch.explain.words import sections
from graphwatch.model.scope import ALL
from graphwatch.project import Project
from graphwatch.queries.catalogue import acts_by_kind
from graphwatch.repository.clusters import members_by_cluster
from graphwatch.repository.runs import run_if_any
from graphwatch.settings import LATEST

_BURSTS: Final = 8
_ACTS: Final = 200
_PAIRS: Final = 5_000
_SIDES: Final = ("account_a", "account_b")
_BEHIND: Final = ("clusters", "open-complaints", "decisions", "co-interactions", "regular-lags")
_INBOX: Final = pa.schema(
    [
        *((name, pa.string()) for name in ("lead", "kind", "change", "status", "earlier")),
        ("accounts", pa.int64()),
        *((name, pa.string()) for name in ("reviewer", "reason", "decided_at")),
        ("decided_ms", pa.int64()),
        ("decisions", pa.int64()),
        ("address", pa.string()),
    ]
)


def _known(project: Project) -> Project:
    """The project, once something has been loaded."""
    if not project.store.exists:
        raise StoreMissing("nothing has been loaded yet")
    return project


def home(asked: Asked) -> Response:
    """What is in the store, and what to do next."""
    leads = list(_leads(asked))
    counts = _counts(asked)
    return asked.page(
        "home",
        counts=counts,
        runs=counts.get("Run", 0),
        clusters=sum(lead["kind"] == "cluster" for lead in leads),
        waiting=[lead for lead in leads if lead["status"] == "open"],
        answers=sum(lead["status"] == "needs_clarification" for lead in leads),
        late=sum(bool(complaint["overdue"]) for complaint in _complaints(asked)),
        coverage=_coverage(asked),
        command=asked.command("review", "list"),
        cypher=[asked.cypher("undecided-clusters"), asked.cypher("open-complaints")],
    )


def _counts(asked: Asked) -> dict[str, int]:
    return asked.kept(lambda project: project.info().counts, "counts")


def _leads(asked: Asked) -> Table:
    return asked.kept(lambda project: project.leads(), "leads")


def _complaints(asked: Asked) -> Table:
    language = asked.language
    return asked.kept(lambda project: project.complaints(lang=language), "complaints", language, but=DECIDED)


def _coverage(asked: Asked) -> Coverage:
    language = asked.language
    return asked.kept(lambda project: project.coverage(lang=language), "coverage", language, but=DECIDED)


def leads(asked: Asked) -> Response:
    """The inbox: clusters and regular lags of the latest run, pairs, complaints, and accounts that were decided on."""
    return asked.table(
        "leads",
        asked.kept(_inbox, "inbox"),
        command=("review", "list"),
        cypher=[asked.cypher(name) for name in _BEHIND],
        facets=("status", "kind", "change"),
        hidden=("decided_ms", "reason", "address"),
        links={"lead": lambda row: str(row["address"])},
    )


def first_lead(asked: Asked) -> str | None:
    """The cluster that stands first in the inbox; None where there is none."""
    return next((row["lead"] for row in asked.kept(_inbox, "inbox") if row["kind"] == "cluster"), None)


def _inbox(project: Project) -> Table:
    """The leads with what became of clusters since the run before, and the pairs that are in no cluster."""
    with project.store.session():
        rows = list(project.leads())
        changes = _changes(project)
        apart = _pairs(project)
    decided = {row["lead"]: row for row in rows if row["kind"] in ("account", "lag")}
    for row in rows:
        row |= {"change": changes.get(row["lead"]), "address": f"/leads/{quote(row['lead'], safe='')}"}
    for (one, other), called in apart:
        # A pair is decided on where each of its accounts is.
        last = max((d for a in (one, other) if (d := decided.get(a))), key=lambda d: d["decided_ms"], default=None)
        status = last["status"] if last and one in decided and other in decided else OPEN
        address = f"/pair?{urlencode({'one': one, 'other': other})}"
        pair = {"lead": called, "kind": "pair", "status": status, "accounts": 2, "address": address}
        rows.append(dict.fromkeys(_INBOX.names) | pair)
    return Table(pa.Table.from_pylist(rows, schema=_INBOX))


def _changes(project: Project) -> dict[str, str]:
    """What became of clusters since the run before that asked the same: new, grown, shrunk or changed, by lead."""
    runs = comparable_runs(project.workspace)
    if runs is None:
        return {}
    changed = cluster_changes(project.workspace, runs.before, runs.after)
    layers = {c: "" if c.layer in (None, ALL) else f"{c.layer}:" for c in changed}
    return {f"{runs.after}:{layers[c]}{c.after}": c.change for c in changed if c.after is not None}


def _pairs(project: Project) -> list[tuple[tuple[str, str], str]]:
    """The pairs of the latest run beyond chance of which no cluster has both accounts, and what each is called."""
    run = run_if_any(project.workspace, LATEST)
    if run is None:
        return []
    clusters: defaultdict[str, set[str]] = defaultdict(set)
    for id, accounts in members_by_cluster(project.store, run):
        for account in accounts:
            clusters[account].add(id)
    found = project.query("co-interactions", {"limit": _PAIRS})
    return [
        ((row["account_a"], row["account_b"]), " – ".join(_called(row, side) for side in "ab"))
        for row in found
        if row["coordinated"] and not clusters[row["account_a"]] & clusters[row["account_b"]]
    ]


def _called(row: dict[str, Any], side: str) -> str:
    handle = row[f"handle_{side}"]
    return f"@{handle}" if handle else str(row[f"account_{side}"])


def pair(asked: Asked) -> Response:
    """One pair: why it is a lead and what else may explain it, and the acts of both side by side."""
    one, other = asked.words.get("one", "").strip(), asked.words.get("other", "").strip()

    def ask(project: Project) -> tuple[Explanation, Table]:
        with project.store.session():
            explained = project.explain(one, other)
            accounts = dict(zip(_SIDES, (m.account for m in explained.members), strict=True))
            return explained, project.query("pair-evidence", {**accounts, "limit": _ACTS})

    explained, beside = asked.kept(ask, "pair", one, other)
    told = sections(explained, asked.language, bursts=_BURSTS)
    return asked.table(
        "pair",
        beside,
        command=("explain", one, other),
        cypher=asked.cypher("pair-evidence", **dict(zip(_SIDES, (m.account for m in explained.members), strict=True))),
        hidden=("url", "sources_a", "sources_b", "account_a", "account_b"),
        links={"post": "/accounts/Post/"},
        here="leads",
        members=explained.members,
        told=[section for section in told if section.key not in ("innocent", "limits", "members")],
        innocent=[section for section in told if section.key in ("innocent", "limits")],
    )


def lead(asked: Asked) -> Response:
    """One lead: why it is one, what else may explain it, the evidence, and what was decided."""
    name = asked.named["name"]

    def ask(project: Project) -> tuple[Lead, Explanation | RegularLag | None]:
        with project.store.session():
            found = project.lead(name)
            if found.kind == "account" and found.run:
                return found, project.explain_lag(found.id, run=found.run)
            return found, project.explain(found.id) if found.kind == "cluster" else None

    found, explained = asked.kept(ask, "lead", name)
    of = list(_complaints(asked)) if found.kind == "complaint" else []
    complaint = next((row for row in of if row["complaint"] == found.id), {})
    return asked.tables(
        "lead",
        {"evidence": evidence(explained)},
        **_lead(asked, found, explained),
        complaint=complaint,
        statuses=STATUSES if complaint else (),
    )


def _lead(asked: Asked, found: Lead, explained: Explanation | RegularLag | None) -> dict[str, Any]:
    told = () if explained is None else lead_sections(explained, asked.language, most=_BURSTS)
    aside = ("innocent", "limits", "members", "bursts", "acts")
    cluster = explained if isinstance(explained, Explanation) else None
    return {
        "here": "leads",
        "lead": found,
        "address": f"/leads/{quote(found.id, safe='')}",
        "first": [section for section in told if section.key not in aside],
        "innocent": [section for section in told if section.key in ("innocent", "limits")],
        "members": [] if cluster is None else cluster.members,
        "bursts": [] if cluster is None else sorted(cluster.bursts, key=lambda b: (-b.most, b.first_ms))[:_BURSTS],
        "last": found.decisions[-1].id if found.decisions else "",
        "command": ("review", "show", found.id),
        "cypher": _cypher(asked, found),
    }


def _cypher(asked: Asked, found: Lead) -> list[str]:
    """What a lead is made of, as questions to the graph."""
    decided = asked.cypher("decisions", lead=found.id)
    if found.kind == "complaint":
        return [asked.cypher("complaint-interactions", complaint=found.id), decided]
    if found.kind == "account":
        lag = [asked.cypher("account-lags", run=found.run, account=found.id)] if found.run else []
        return [*lag, asked.cypher("account-interactions", account=found.id), decided]
    run, *layer, number = found.id.split(":")
    given = {"run": run, "layer": layer[0] if layer else ALL, "cluster": int(number)}
    return [asked.cypher(name, **given) for name in ("cluster-members", "cluster-pairs", "cluster-bursts")] + [decided]


def picture(asked: Asked) -> Response:
    """The network of a cluster, as the page that is also exported: under pseudonyms, and without the desk's rights."""
    with asked.desk.open() as project:
        found = _known(project).lead(asked.named["name"])
        if found.kind != "cluster" or found.run is None:
            raise UsageError("only a cluster has a picture", where=found.id)
        number = int(found.id.rpartition(":")[2])
        page = project.view(cluster=number, run=found.run, lang=asked.language)
    return drawn(asked, page)


def decide(asked: Asked) -> Response:
    """Decide on a lead in the name of the person at the desk."""
    form = asked.form
    with asked.desk.open() as project:
        made = _known(project).decide(
            asked.named["name"],
            form.get("outcome", ""),
            reviewer=reviewer_of(asked),
            reason=form.get("reason", ""),
            clarification=form.get("clarification"),
            forwarded_to=form.get("forwarded_to"),
            after=form.get("after", ""),
        )
    return onward(f"/leads/{quote(made.lead, safe='')}#decisions")


def set_status(asked: Asked) -> Response:
    """Say how far a complaint has come."""
    reviewer_of(asked)
    with asked.desk.open() as project:
        complaint = _known(project).lead(asked.named["name"]).id
        project.set_complaint(complaint, asked.form.get("status", ""))
    return onward(f"/leads/{quote(complaint, safe='')}")


def reviewer_of(asked: Asked) -> str:
    """The name of the person at the desk.

    Raises:
        UsageError: they have not given it.
    """
    if not asked.person.name:
        raise UsageError(asked.say("desk.name.first"), remedy=asked.say("desk.name.where"))
    return asked.person.name


def sign_on(asked: Asked) -> Response:
    """Take the name of the person at the desk; it is logged, and stands in their decisions."""
    name = " ".join(asked.form.get("name", "").split())[:120]
    with asked.desk.open() as project:
        project.sign_on(name)
    asked.person.name = name
    return onward(_back(asked))


def speak(asked: Asked) -> Response:
    """Take the language of the person at the desk."""
    lang = asked.form.get("lang")
    asked.person.lang = lang if lang in LANGUAGES else None
    return onward(_back(asked))


def _back(asked: Asked) -> str:
    """The screen on which the form was, and nothing outside of the desk."""
    path = asked.form.get("back", "/")
    inside = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return quote(path, safe="/%:") if inside else "/"


def complaints(asked: Asked) -> Response:
    """Complaints with their deadlines, and what the data say to each."""
    return asked.table(
        "complaints",
        _complaints(asked),
        command=("complaints",),
        cypher=asked.cypher("open-complaints"),
        facets=("status", "seen", "overdue"),
        hidden=(
            *("interaction", "interaction_at", "interaction_sources", "interactions", "accounts", "candidates"),
            *("posts", "known_at", "evidence", "evidence_sha256", "sources", "at", "channel", "post_ref"),
        ),
        links={"complaint": "/leads/"},
    )


def coverage(asked: Asked) -> Response:
    """What could be seen at all, so that finding nothing is not taken for there being nothing."""
    found = _coverage(asked)
    # What is handed on tells no number of so few that somebody may be known by it.
    told = (
        asked.kept(lambda project: project.coverage(suppress=True, lang=asked.language), "coverage", "few")
        if asked.is_file()
        else found
    )
    return asked.tables(
        "coverage",
        {
            "agencies": Listed(_agencies(told), hidden=("agency",)),
            "kinds": Listed(_kinds(told), facets=("platform", "seen")),
        },
        coverage=found,
        command=("coverage",),
        cypher=[asked.cypher("agency-roster"), acts_by_kind()],
    )


def _agencies(coverage: Coverage) -> Table:
    """Of each agency how many persons it has on the roster, and of how many an account is known."""
    rows = [
        {
            "agency": one.agency,
            "agency_name": one.name or one.agency,
            "persons": one.persons,
            "with_account": one.with_account,
            "duty_accounts": one.duty_accounts,
        }
        for one in (coverage.roster.agencies if coverage.roster else ())
    ]
    names = ("persons", "with_account", "duty_accounts")
    texts = [(name, pa.string()) for name in ("agency", "agency_name")]
    return Table(pa.Table.from_pylist(rows, schema=pa.schema([*texts, *((name, pa.int64()) for name in names)])))


def _kinds(coverage: Coverage) -> Table:
    """Of each platform and kind of act whether anybody can see it, and what was loaded."""
    texts = [(name, pa.string()) for name in ("platform", "kind", "seen")]
    schema = pa.schema([*texts, ("interactions", pa.int64()), ("untimed", pa.int64()), ("why", pa.string())])
    rows = [{name: getattr(one, name) for name in schema.names} for one in coverage.kinds]
    return Table(pa.Table.from_pylist(rows, schema=schema))
