"""What a run is asked, and of which data; the id that follows from both."""

import json
from dataclasses import asdict, dataclass, field
from hashlib import sha256

import msgspec

from graphwatch.detection.fingerprint import fingerprint
from graphwatch.model.scope import Scope
from graphwatch.model.tables import InteractionColumns
from graphwatch.settings import SEED


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a run is asked.

    Attributes:
        window_ms: window in milliseconds, inclusive.
        min_objects: least objects a pair must share within it.
        scope: which interactions, and what counts as their object.
        fdr: false discovery rate of the test against chance; None counts only, and ties accounts by count.
        layers: whether each kind is also looked at alone.
        sensitivity: whether half and twice the window are looked at too.
        seed: of every random choice: one seed, one result.
    """

    window_ms: int
    min_objects: int
    scope: Scope = field(default_factory=Scope)
    fdr: float | None = None
    layers: bool = False
    sensitivity: bool = False
    seed: int = SEED

    def as_json(self) -> str:
        """The same text for the same question, in whatever order it was put."""
        asked = asdict(self)
        return json.dumps(asked.pop("scope") | asked, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> "Parameters":
        """What `as_json` wrote.

        >>> asked = Parameters(60_000, 3, Scope(("LIKED",), pages=("x:1",)), 0.05)
        >>> Parameters.from_json(asked.as_json()) == asked
        True
        """
        asked = json.loads(text)
        return msgspec.convert({**asked, "scope": asked}, cls)


def run_id(parameters: Parameters, version: str, data: str, context: str = "") -> str:
    """The id of a run: a function of parameters, version and data, so that the same question has the same id."""
    return "R-" + sha256("\n".join((parameters.as_json(), version, data, context)).encode()).hexdigest()[:12]


def identify(columns: InteractionColumns, parameters: Parameters, version: str, context: str = "") -> tuple[str, str]:
    """The id that a run over these data will have, and the fingerprint of the data.

    Args:
        context: digest of what is known beside the interactions: another roster makes another run.
    """
    data = fingerprint(
        columns.account,
        columns.object,
        columns.kind,
        columns.at_ms,
        columns.accounts,
        columns.objects,
        columns.kinds,
        columns.published_ms[columns.post_of_row],
    )
    return run_id(parameters, version, data, context), data
