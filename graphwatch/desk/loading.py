"""Loading: files that were brought, how each is to be read, a rehearsal, the load, what it made, and undoing it."""

from dataclasses import asdict
from typing import Any, Final

import pyarrow as pa
from starlette.responses import Response

from graphwatch.common.notes import Note, said
from graphwatch.common.table import Table
from graphwatch.desk.asking import Asked, onward
from graphwatch.desk.correcting import wrong_cells
from graphwatch.desk.entrance import UPLOAD_BYTES
from graphwatch.desk.keeping import DECIDED
from graphwatch.desk.reading import (
    asked_of,
    examples_of,
    form_of,
    header_of,
    how_read,
    is_timed,
    lines_of,
    rows_of,
    sheets_of,
    words_of,
)
from graphwatch.desk.tables import label_of
from graphwatch.desk.uploads import Upload
from graphwatch.desk.waiting import shown_when_over
from graphwatch.desk.working import Work
from graphwatch.errors import GraphwatchError, NothingFound, UsageError
from graphwatch.ingest.batches import Loaded
from graphwatch.ingest.guessing import guesses, peek
from graphwatch.ingest.loads import LOADS
from graphwatch.ingest.presets import PRESETS
from graphwatch.ingest.proposing import proposed_accounts
from graphwatch.ingest.provenance import Provenance
from graphwatch.ingest.quarantine import Refused, refused_rows

FILES: Final = 40
_REFUSED: Final = 100
_LASTING: Final = ("acquisition", "acquired_by", "legal_basis")
_OF_FILE: Final = ("terms_note", "keep_until", "terms_approved")


def load(asked: Asked) -> Response:
    """Choose files, those that wait, and what was loaded so far."""
    with asked.desk.open() as project:
        is_there = project.store.exists
    loaded = asked.kept(lambda project: project.query("sources"), "sources", but=DECIDED) if is_there else _nothing()
    return asked.table(
        "load",
        loaded,
        command=("query", "sources"),
        cypher=asked.cypher("sources"),
        hidden=("acquired_by", "terms_note", "terms_approved", "file_sha256"),
        links={"source": "/sources/"},
        waiting=list(asked.desk.uploads),
        most=UPLOAD_BYTES >> 20,
        files=FILES,
    )


def _nothing() -> Table:
    return Table(pa.schema([("source", pa.string())]).empty_table())


def take(asked: Asked) -> Response:
    """Take the files that a form brought; one alone is shown at once."""
    brought = [file for file in asked.files if file.filename]
    if not brought:
        raise UsageError(asked.say("desk.load.none_chosen"), remedy=asked.say("desk.load.choose_first"))
    taken = [upload for file in brought for upload in asked.desk.uploads.take(file.filename or "", file.file)]
    return onward(f"/load/{taken[0].id}" if len(taken) == 1 else "/load")


def drop(asked: Asked) -> Response:
    """Take a file away from the desk."""
    asked.desk.uploads.drop(asked.desk.uploads.get(asked.named["id"]))
    return onward("/load")


def upload(asked: Asked) -> Response:
    """One file: its first rows, what they seem to be, and how it is to be read."""
    waiting = asked.desk.uploads.get(asked.named["id"])
    work = asked.desk.works.get(asked.words["work"]) if asked.words.get("work") else None
    try:
        sheets = sheets_of(waiting.path)
        sheet = asked.words.get("sheet") or waiting.form.get("sheet") or None
        seen = peek(waiting.path, sheet=sheet if sheet in sheets else None)
        found = guesses(waiting.path, sheet=sheet if sheet in sheets else None)
    except GraphwatchError as error:
        return asked.page(
            "upload", here="load", status=400, upload=waiting, problem=error, how=None, work=None,
            command=asked.command("load", waiting.name, "--guess"),
        )  # fmt: skip
    how = how_read(asked.words.get("how") or waiting.form.get("how", ""), seen, found)
    form = waiting.form if waiting.form.get("how") == how and "do" in waiting.form else {}
    kind = how.removeprefix("kind:") if how.startswith("kind:") else None
    preset = None if kind else PRESETS[how.removeprefix("preset:")]
    with asked.desk.open() as project:
        known = project.provenance()
    lines = list(lines_of(asked.language, kind, preset, seen, form))
    config = asked_of(form or form_of(how, sheet, lines), seen)
    outcome = _told(asked, work) if work and work.state == "done" else None
    return asked.page(
        "upload",
        here="load",
        upload=waiting,
        problem=work.error if work else None,
        how=how,
        kind=kind,
        preset=preset,
        matched=next((g.matched for g in found if preset and g.preset.name == preset.name), ()),
        fitting=[guess for guess in found if guess.fits and guess.preset.statements],
        presets=[preset for preset in PRESETS.values() if preset.statements],
        kinds=LOADS,
        lines=lines,
        sheets=sheets,
        sheet=sheet,
        header=header_of(kind, seen),
        examples=examples_of(kind, seen),
        rows=rows_of(kind, seen),
        form=form,
        timed=is_timed(kind, preset),
        provenance={**asdict(known), **{name: form[name] for name in (*_LASTING, *_OF_FILE) if form.get(name)}},
        work=work,
        outcome=outcome,
        wrong=wrong_cells(waiting, seen, outcome["refused"]) if outcome else [],
        command=asked.command("load", waiting.name, *words_of(config)),
    )


def begin(asked: Asked) -> Response:
    """Rehearse the load of a file, or load it."""
    waiting = asked.desk.uploads.get(asked.named["id"])
    if "how" in asked.form:
        waiting.form = {name: value for name, value in asked.form.items() if name != "form_token"}
    form = waiting.form
    seen = peek(waiting.path, sheet=form.get("sheet") or None)
    given: dict[str, Any] = {
        "file": waiting.path,
        "asked": asked_of(form, seen),
        "stated": Provenance(**{name: form.get(name, "").strip() or None for name in _OF_FILE}),
    }
    lasting = Provenance(**{name: form.get(name, "").strip() or None for name in _LASTING})
    verb = "load" if asked.form.get("do") == "load" else "rehearse"
    if verb == "load" and not waiting.corrected:
        given["lasting"] = lasting
    else:
        given["stated"] = Provenance(**{**asdict(lasting), **{n: getattr(given["stated"], n) for n in _OF_FILE}})
        if verb == "load":
            given["lasting"] = Provenance()  # how single rows were corrected is no default of the store
        else:
            given["refused"] = waiting.path.parent / "refused"
    work = asked.desk.works.begin(
        verb, (asked.desk.place, asked.desk.folder), about=waiting.name, back=f"/load/{waiting.id}", **given
    )
    return shown_when_over(work)


def loaded(asked: Asked) -> Response:
    """What a load made, or its undoing erased."""
    work = asked.desk.works.get(asked.named["id"])
    if work.state != "done" or work.verb not in ("load", "remove"):
        raise NothingFound("nothing was loaded by this", remedy=asked.say("desk.load.choose_first"))
    left = _put_away(asked, work) if work.verb == "load" else None
    return asked.page(
        "loaded", here="load", work=work, outcome=_told(asked, work), left=left,
        command=asked.command("query", "source-use"), cypher=asked.cypher("source-use"),
    )  # fmt: skip


def _put_away(asked: Asked, done: Work) -> Upload | None:
    """Take away a file that was loaded, unless it is a list of persons that says whose accounts are, too: then that."""
    waiting = next((upload for upload in asked.desk.uploads if f"/load/{upload.id}" == done.back), None)
    if waiting is None or waiting.loaded == done.id:
        return waiting
    sheet = waiting.form.get("sheet", "")
    if waiting.form.get("how") == "kind:roster" and proposed_accounts(peek(waiting.path, sheet=sheet or None)):
        waiting.form, waiting.loaded = {"how": "kind:accounts-of-asn", "sheet": sheet}, done.id
        return waiting
    asked.desk.uploads.drop(waiting)
    return None


def source(asked: Asked) -> Response:
    """One load: how it was obtained, and what undoing it would erase."""
    id = asked.named["id"]
    with asked.desk.open() as project:
        if not project.store.exists:
            raise NothingFound("nothing has been loaded yet", remedy=asked.say("desk.load.choose_first"))
        row = next((row for row in project.query("sources") if row["source"] == id), None)
        if row is None:
            raise NothingFound("there is no such source", where=id)
        would = project.remove(id, reason="rehearsal", dry_run=True)
    return asked.page(
        "source",
        here="load",
        source=id,
        facts=[(label_of(name, asked.language), name, value) for name, value in row.items() if value is not None],
        would=would,
        work=asked.desk.works.get(asked.words["work"]) if asked.words.get("work") else None,
        command=asked.command("store", "remove", id, "--reason", "…", "--dry-run"),
        cypher=asked.cypher("sources"),
    )


def remove(asked: Asked) -> Response:
    """Undo a load."""
    id, reason = asked.named["id"], asked.form.get("reason", "").strip()
    if not reason:
        raise UsageError(asked.say("desk.reason_needed"), remedy=asked.say("desk.reason_why"))
    work = asked.desk.works.begin(
        "remove",
        (asked.desk.place, asked.desk.folder),
        about=id,
        back=f"/sources/{id}",
        source=id,
        reason=reason,
    )
    return shown_when_over(work)


# What came of it


def _refused(found: Loaded, language: str) -> list[Refused]:
    """The first refused rows, with why in the reader's language; their file has it in English."""
    rows = refused_rows(found.quarantine, _REFUSED) if found.quarantine else []
    reasons = {str(reason): reason for reason in found.reasons if isinstance(reason, Note)}
    return [
        row._replace(reason=said(reason, language), remedy=said(reason.remedy, language))
        if (reason := reasons.get(row.reason)) is not None
        else row
        for row in rows
    ]


def _told(asked: Asked, work: Work) -> dict[str, Any]:
    """What a load, its rehearsal or its undoing did, for the page."""
    if not isinstance(work.outcome, Loaded):
        return {"removed": work.outcome}
    found: Loaded = work.outcome
    sources = ", ".join([found.source, *found.others])
    head = Note("load.taken", taken=found.taken, refused=found.refused, sources=sources)
    return {
        "loaded": found,
        "rehearsed": work.verb == "rehearse",
        "head": said(head, asked.language),
        "notes": [said(note, asked.language) for note in found.notes],
        "written": [written for written in found.written if written.new or written.changed or written.unchanged],
        "reasons": [
            (said(reason, asked.language), rows) for reason, rows in sorted(found.reasons.items(), key=lambda i: -i[1])
        ],
        "refused": _refused(found, asked.language),
        "missing": [label_of(name, asked.language) for name in found.missing],
        "back": work.back,
    }
