"""What is under way: its progress, stopping it, and where its outcome is shown."""

from typing import Final

from starlette.responses import Response

from graphwatch.common.notes import said
from graphwatch.desk.asking import Asked, onward
from graphwatch.desk.working import Work

# A small load is over before anybody would look at its progress.
_AT_ONCE: Final = 3.0
_AGAIN_SECONDS: Final = 1


def shown_when_over(work: Work) -> Response:
    """Wait a moment for what was begun; what takes longer is shown with its progress."""
    work.over.wait(_AT_ONCE)
    return onward(_place(work))


def _place(work: Work) -> str:
    """Where it is shown."""
    if work.state in ("running", "stopped"):
        return f"/running/{work.id}"
    if work.state == "done" and work.verb in ("load", "remove"):
        return f"/loaded/{work.id}"
    if work.state == "done" and work.verb in ("detect", "power"):
        return f"/runs/{work.outcome}"
    return f"{work.back}{'&' if '?' in work.back else '?'}work={work.id}#outcome"


def work(asked: Asked) -> Response:
    """What is being done and how far it is; once it is over, what came of it."""
    shown = asked.desk.works.get(asked.named["id"])
    if shown.state not in ("running", "stopped"):
        return onward(_place(shown))
    again = _AGAIN_SECONDS if shown.state == "running" else None
    return asked.page("work", here="", refresh=again, work=shown, doing=said(shown.doing, asked.language))


def stop(asked: Asked) -> Response:
    """Stop what is being done."""
    running = asked.desk.works.get(asked.named["id"])
    asked.desk.works.stop(running)
    return onward(_place(running))
