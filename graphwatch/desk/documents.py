"""Documents: a lead, an account, an agency or a run as it is printed, under pseudonyms or, with a reason, opened."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.responses import HTMLResponse, Response

from graphwatch.common.files import working_folder
from graphwatch.common.i18n import LANGUAGES
from graphwatch.desk.asking import Asked
from graphwatch.desk.casework import reviewer_of
from graphwatch.desk.keeping import DECIDED
from graphwatch.errors import NothingFound, UsageError
from graphwatch.project import Project
from graphwatch.settings import LATEST

SUBJECTS: Final = ("cluster", "account", "agency", "summary")
_TYPES: Final[Mapping[str, str]] = {
    "html": "text/html; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "md": "text/markdown; charset=utf-8",
}
# A document has styles of its own, and no scripts; it is shown apart from the desk.
_PREVIEW: Final = (
    "sandbox allow-downloads; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "frame-ancestors 'self'"
)


def documents(asked: Asked) -> Response:
    """Choose of what, in which language and form; the document as it prints beside it."""
    chosen = _chosen(asked.words)
    runs, clusters, agencies = asked.kept(_subjects, "documents", but=DECIDED)
    subject, id = chosen["subject"], chosen["id"]
    words = [subject, *([id] if subject != "summary" else []), "--out", f"{_name(chosen)}.{chosen['to']}"]
    words += ["--lang", chosen["lang"] or asked.language]
    words += ["--run", chosen["run"]] if chosen["run"] else []
    return asked.page(
        "documents",
        chosen=chosen,
        subjects=SUBJECTS,
        forms=tuple(_TYPES),
        runs=runs,
        clusters=clusters,
        agencies=agencies,
        asks=bool(subject == "summary" or id) and "subject" in asked.words,
        command=asked.command("report", *words),
        cypher=_cypher(asked, chosen, clusters),
    )


def _cypher(asked: Asked, chosen: Mapping[str, str], clusters: list[str]) -> str:
    """What the document is about, as a question to the graph."""
    run = {"run": chosen["run"]} if chosen["run"] else {}
    if chosen["subject"] == "cluster" and (id := chosen["id"] or next(iter(clusters), "")):
        named, _, number = id.rpartition(":")
        run |= {"run": named.partition(":")[0]} if named else {}
        return asked.cypher("cluster-members", **run, cluster=int(number) if number.isdecimal() else 0)
    if chosen["subject"] == "account" and chosen["id"]:
        return asked.cypher("account-interactions", account=chosen["id"])
    return asked.cypher("agency-engagement") if chosen["subject"] == "agency" else asked.cypher("clusters", **run)


def _subjects(project: Project) -> tuple[list[str], list[str], list[str]]:
    """The runs, clusters of the latest and agencies of which there may be documents."""
    with project.store.session():
        runs = [row["run"] for row in project.query("runs") if row["status"] == "complete"]
        clusters = [row["lead"] for row in project.leads() if row["kind"] == "cluster"] if runs else []
        return runs, clusters, [row["agency"] for row in project.leads_by_agency()] if runs else []


def preview(asked: Asked) -> Response:
    """The document as it prints, for the frame."""
    content = _made(asked, {**_chosen(asked.words), "to": "html"})
    return HTMLResponse(content, headers={"Content-Security-Policy": _PREVIEW})


def file(asked: Asked) -> Response:
    """The document as a file, under pseudonyms."""
    return _handed_over(_chosen(asked.words), _made(asked, _chosen(asked.words)))


def unmasked(asked: Asked) -> Response:
    """The document as a file with handles or names; that it was opened, by whom and why, is logged first."""
    reviewer_of(asked)
    chosen = _chosen(asked.form)
    if chosen["subject"] not in ("cluster", "account"):
        raise UsageError(asked.say("desk.documents.names_nobody"))
    unmask = asked.form.get("unmask")
    content = _made(
        asked,
        chosen,
        unmask=unmask if unmask in ("handles", "names") else "handles",
        off_roster=bool(asked.form.get("off_roster")),
        reason=asked.form.get("reason", "").strip() or None,
    )
    return _handed_over(chosen, content)


def _chosen(said: Mapping[str, str]) -> dict[str, str]:
    """What a form or an address says of a document."""
    subject, lang, to = said.get("subject", ""), said.get("lang", ""), said.get("to", "")
    return {
        "subject": subject if subject in SUBJECTS else "cluster",
        "id": said.get("id", "").strip()[:300],
        "lang": lang if lang in LANGUAGES else "",
        "to": to if to in _TYPES else "html",
        "run": said.get("run", "").strip()[:100],
    }


def _made(asked: Asked, chosen: Mapping[str, str], **opened: Any) -> bytes:
    """The content of the document."""
    with asked.desk.open() as project, working_folder() as folder:
        if not project.store.exists:
            raise NothingFound("nothing has been loaded yet", remedy=asked.say("desk.nothing.next"))
        path = folder / f"{_name(chosen)}.{chosen['to']}"
        project.report(
            chosen["subject"],  # type: ignore[arg-type]  # one of SUBJECTS
            chosen["id"] or None,
            path=path,
            to=chosen["to"],
            lang=chosen["lang"] or asked.language,
            run=chosen["run"] or LATEST,
            **opened,
        )
        return path.read_bytes()


def _name(chosen: Mapping[str, str]) -> str:
    """What the file is called: of what it is, and never whose."""
    number = chosen["id"].rpartition(":")[2]
    of = f"-{number}" if chosen["subject"] == "cluster" and number.isalnum() else ""
    return f"graphwatch-{chosen['subject']}{of}"


def _handed_over(chosen: Mapping[str, str], content: bytes) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{_name(chosen)}.{chosen["to"]}"'}
    # Where a browser shows it all the same, it is apart from the desk.
    headers["Content-Security-Policy"] = _PREVIEW
    return Response(content, media_type=_TYPES[chosen["to"]], headers=headers)
