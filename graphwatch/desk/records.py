"""What was processed and what people may ask for: the access log, retention, requests of persons, settings."""

import json
from typing import Any, Final

import pyarrow as pa
from starlette.responses import Response

from graphwatch.casework.addressees import Addressee, addressees, keep_addressees
from graphwatch.common.i18n import LANGUAGES
from graphwatch.common.table import Table
from graphwatch.desk.asking import Asked, onward
from graphwatch.desk.casework import reviewer_of
from graphwatch.desk.waiting import shown_when_over
from graphwatch.errors import StoreDamaged, StoreMissing, UsageError

_SHOWN: Final = 200
_ADDRESSEE: Final = ("id", "name_id", "name_en", "role_id", "role_en", "basis", "sources")
_MOST_ADDRESSEES: Final = 30
_LOG: Final = pa.schema(
    [("line", pa.int64()), *((name, pa.string()) for name in ("at", "who", "action", "reason", "details"))]
)


def records(asked: Asked) -> Response:
    """The log with whether it is whole, what has expired, the form for requests, and settings."""
    with asked.desk.open() as project:
        lines = [{name: _cell(row[name]) for name in _LOG.names} for row in reversed(project.access_log())]
        try:
            checked, broken = project.verify_log(), None
        except StoreDamaged as error:
            checked, broken = None, error
        due = project.expire(dry_run=True) if project.store.exists else None
        unfinished, language = project.is_forgetting, project.language()
        letterhead, known = project.workspace.letterhead, addressees(project.workspace.folder)
    return asked.table(
        "records",
        Table(pa.Table.from_pylist(lines, schema=_LOG)),
        command=("log", "show"),
        facets=("action", "who"),
        checked=checked,
        broken=broken,
        due=due,
        unfinished=unfinished,
        spoken=language,
        letterhead=letterhead,
        addressees=[
            dict(
                zip(
                    _ADDRESSEE,
                    (one.id, *one.names.values(), *one.roles.values(), one.basis, " ".join(one.sources)),
                    strict=True,
                )
            )
            for one in known
        ]
        + [dict.fromkeys(_ADDRESSEE, "")],
        addressee=_ADDRESSEE,
        work=asked.desk.works.get(asked.words["work"]) if asked.words.get("work") else None,
    )


def _cell(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int) else json.dumps(value, ensure_ascii=False)


def about(asked: Asked) -> Response:
    """Everything that is stored about an account or a person, to answer their request; it is logged."""
    reviewer_of(asked)
    reason = asked.form.get("reason", "").strip()
    if not reason:
        raise UsageError(asked.say("desk.reason_needed"), remedy=asked.say("desk.reason_why"))
    with asked.desk.open() as project:
        _known(project)
        found = project.about(**_whose(asked), reason=reason)
    if asked.form.get("do") == "file":
        content = json.dumps(found, ensure_ascii=False, indent=2, default=str).encode()
        headers = {"Content-Disposition": 'attachment; filename="graphwatch-request.json"'}
        return Response(content, media_type="application/json", headers=headers)
    parts = {name: [rows] if isinstance(rows, dict) else list(rows or []) for name, rows in found.items()}
    return asked.page(
        "person",
        here="records",
        parts={name: [_said(row) for row in rows[:_SHOWN]] for name, rows in parts.items()},
        counts={name: len(rows) for name, rows in parts.items()},
        would=None,
        given=_given(asked),
        reason=reason,
        command=asked.command("about", *_words(asked), "--reason", reason),
    )


def forget(asked: Asked) -> Response:
    """Erase everything about an account or a person: first what would go, then for good."""
    reviewer_of(asked)
    whose, reason = _whose(asked), asked.form.get("reason", "")
    if asked.form.get("sure") == "1":
        work = asked.desk.works.begin(
            "forget",
            (asked.desk.place, asked.desk.folder),
            about="",
            back="/records",
            **whose,
            reason=reason,
        )
        return shown_when_over(work)
    with asked.desk.open() as project:
        _known(project)
        would = project.forget(**whose, reason=reason, dry_run=True)
    return asked.page(
        "person",
        here="records",
        parts={},
        counts={},
        would=would,
        given=_given(asked),
        reason=reason,
        command=asked.command("store", "forget", *_words(asked), "--reason", reason),
    )


def expire(asked: Asked) -> Response:
    """Erase what only sources supplied whose last day has passed."""
    reviewer_of(asked)
    work = asked.desk.works.begin("expire", (asked.desk.place, asked.desk.folder), about="", back="/records")
    return shown_when_over(work)


def settings(asked: Asked) -> Response:
    """Keep the language of documents and pages, and the office's letterhead, for the whole project."""
    lang = asked.form.get("lang")
    with asked.desk.open() as project:
        project.set_language(lang if lang in LANGUAGES else None)  # type: ignore[arg-type]  # one of them
        if "letterhead" in asked.form:
            project.workspace.set_letterhead(asked.form["letterhead"])
    return onward("/records#settings")


def address(asked: Asked) -> Response:
    """Keep to whom documents may be handed on; without a short name a row is left out."""
    rows = ({name: asked.form.get(f"{name}.{n}", "").strip() for name in _ADDRESSEE} for n in range(_MOST_ADDRESSEES))
    kept = [
        Addressee(
            row["id"],
            {"id": row["name_id"], "en": row["name_en"]},
            {"id": row["role_id"], "en": row["role_en"]},
            row["basis"],
            tuple(row["sources"].split()),
        )
        for row in rows
        if row["id"]
    ]
    with asked.desk.open() as project:
        keep_addressees(project.workspace.made_folder(), kept)
    return onward("/records#addressees")


def _known(project: Any) -> None:
    if not project.store.exists:
        raise StoreMissing("nothing has been loaded yet")


def _whose(asked: Asked) -> dict[str, Any]:
    """Whose data: an account, or a person by NIP."""
    return {name: asked.form.get(name, "").strip() or None for name in ("account", "asn", "platform")}


def _given(asked: Asked) -> dict[str, str]:
    return {name: value for name, value in _whose(asked).items() if value}


def _words(asked: Asked) -> list[str]:
    """The words of the command; an NIP goes there by standard input, where nobody sees it."""
    given = _given(asked) | ({"asn": "-"} if _whose(asked)["asn"] else {})
    return [word for name, value in given.items() for word in (f"--{name}", value)]


def _said(row: Any) -> str:
    if not isinstance(row, dict):
        return str(row)
    return ", ".join(f"{name} {_cell(value)}" for name, value in row.items() if value is not None)
