"""What an export and a view can be asked; each field stands here once."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphwatch.common.config import Config, lang_option, option
from graphwatch.rights.config import alike_option, minutes_option, reason_option, unmask_option
from graphwatch.settings import LATEST, VIEW_NODES

if TYPE_CHECKING:
    from graphwatch.export.page.render import Opening
    from graphwatch.rights.config import Unmask


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportConfig(Config):
    """What `Project.export` and `Project.view` can be asked besides which part is wanted, and where it goes.

    >>> ExportConfig(unmask=True, reason="klarifikasi kasus 12").unmask
    'handles'
    """

    run: str = option(LATEST, "Detection run; `query runs` lists them.", metavar="ID")
    opening: "Opening" = option(
        "network",
        "What a page opens with.",
        choices=("network", "timeline", "matrix"),
        flags=(
            ("timeline", "The page opens with accounts over time."),
            ("matrix", "The page opens with pairs as a matrix."),
        ),
        refused="a page cannot open with {value!r}",
    )
    links: bool = option(False, "Addresses in the page can be clicked; otherwise they are text.")
    lang: str | None = lang_option()
    max_nodes: int = option(
        VIEW_NODES,
        "Largest number of nodes in a page; whole clusters are kept first.",
        least=1,
        refused="a page of at most {value} nodes has no room for one",
        remedy="Give a number of nodes of at least 1.",
    )
    minutes: int | None = minutes_option()
    alike: int = alike_option()
    unmask: "Unmask" = unmask_option("Handles and ids instead of pseudonyms")
    reason: str | None = reason_option()
