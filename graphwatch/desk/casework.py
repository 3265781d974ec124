"""The daily work: the first screen, leads and decisions on them, acts of the roster, complaints, coverage."""

from typing import Any
from urllib.parse import quote

from starlette.responses import HTMLResponse, Response

from graphwatch.casework.coverage import Coverage
from graphwatch.casework.leads import Lead
from graphwatch.common.i18n import LANGUAGES
from graphwatch.common.table import Table
from graphwatch.desk.asking import Asked, onward
from graphwatch.desk.entrance import FRAMED
from graphwatch.desk.keeping import DECIDED
from graphwatch.errors import StoreMissing, UsageError
from graphwatch.explain.model import Explanation
from graphwatch.explain.words import sections
from graphwatch.project import Project
from graphwatch.queries.library import Library

_BURSTS = 8
_ACTS = 200


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
        cypher="",
    )


def _counts(asked: Asked) -> dict[str, int]:
    return asked.kept(lambda project: project.info().counts, "counts")


def _leads(asked: Asked) -> Table:
    return asked.kept(lambda project: project.leads(), "leads")


def _complaints(asked: Asked) -> Table:
    return asked.kept(lambda project: project.complaints(), "complaints", but=DECIDED)


def _coverage(asked: Asked) -> Coverage:
    language = asked.language
    return asked.kept(lambda project: project.coverage(lang=language), "coverage", language, but=DECIDED)


def leads(asked: Asked) -> Response:
    """The inbox: clusters of the latest run, complaints, and accounts that somebody decided on."""
    return asked.table(
        "leads",
        _leads(asked),
        command=("review", "list"),
        facets=("status", "kind"),
        hidden=("decided_ms", "reason"),
        links={"lead": "/leads/"},
    )


def lead(asked: Asked) -> Response:
    """One lead: why it is one, what else may explain it, the evidence, and what was decided."""
    name = asked.named["name"]

    def ask(project: Project) -> tuple[Lead, Explanation | None]:
        with project.store.session():
            found = project.lead(name)
            return found, project.explain(found.id) if found.kind == "cluster" else None

    return asked.page("lead", **_lead(asked, *asked.kept(ask, "lead", name)))


def _lead(asked: Asked, found: Lead, explained: Explanation | None) -> dict[str, Any]:
    told = () if explained is None else sections(explained, asked.language, bursts=_BURSTS)
    aside = ("innocent", "limits", "members", "bursts")
    return {
        "here": "leads",
        "lead": found,
        "address": f"/leads/{quote(found.id, safe='')}",
        "first": [section for section in told if section.key not in aside],
        "innocent": [section for section in told if section.key in ("innocent", "limits")],
        "members": [] if explained is None else explained.members,
        "bursts": [] if explained is None else sorted(explained.bursts, key=lambda b: (-b.most, b.first_ms))[:_BURSTS],
        "acts": [] if explained is None else _acts(explained),
        "last": found.decisions[-1].id if found.decisions else "",
        "command": asked.command("review", "show", found.id),
        "cypher": "" if explained is None else Library().get("cluster-evidence").cypher,
    }


def _acts(explained: Explanation) -> list[dict[str, Any]]:
    """The acts in bursts in order of time: the evidence, an act a row."""
    handles = {member.account: member.handle for member in explained.members}
    rows = [
        {
            "at_ms": act.at_ms,
            "account": act.account,
            "handle": handles.get(act.account),
            "kind": act.kind,
            "object": burst.url or burst.object,
            "text": burst.text,
        }
        for burst in explained.bursts
        for act in burst.acts
    ]
    return sorted(rows, key=lambda row: (row["at_ms"], row["account"]))[:_ACTS]


def picture(asked: Asked) -> Response:
    """The network of a cluster, as the page that is also exported: under pseudonyms, and without the desk's rights."""
    with asked.desk.open() as project:
        found = _known(project).lead(asked.named["name"])
        if found.kind != "cluster" or found.run is None:
            raise UsageError("only a cluster has a picture", where=found.id)
        number = int(found.id.rpartition(":")[2])
        page = project.view(cluster=number, run=found.run, lang=asked.language)
    return HTMLResponse(page.html, headers={"Content-Security-Policy": FRAMED})


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


def interactions(asked: Asked) -> Response:
    """What accounts on the roster did on pages of paslon, an act a row."""
    table = asked.kept(lambda project: project.roster_interactions(), "interactions", but=DECIDED)
    return asked.table(
        "interactions",
        table,
        command=("query", "roster-interactions"),
        cypher=Library().get("roster-interactions").cypher,
        facets=("kind", "paslon", "class", "phase", "time_basis", "agency_name", "position_class"),
        hidden=("agency", "position", "validity", "url", "interaction", "text", "post", "page", "at"),
        links={"account": "/accounts/Account/", "handle": "/accounts?q="},
    )


def complaints(asked: Asked) -> Response:
    """Complaints with their deadlines, and what the data say to each."""
    return asked.table(
        "complaints",
        _complaints(asked),
        command=("complaints",),
        facets=("status", "seen", "overdue"),
        hidden=(
            *("interaction", "interaction_at", "interaction_sources", "interactions", "accounts", "candidates"),
            *("posts", "known_at", "evidence", "evidence_sha256", "sources", "at", "channel", "post_ref"),
        ),
        links={"complaint": "/leads/"},
    )


def coverage(asked: Asked) -> Response:
    """What could be seen at all, so that finding nothing is not taken for there being nothing."""
    return asked.page("coverage", coverage=_coverage(asked), command=asked.command("coverage"), cypher="")
