"""What a scenario is made of: interactions as arrays, and what was planted among them."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from graphwatch.model.tables import InteractionColumns, LeftOut

Array = npt.NDArray[Any]

KINDS: Final = ("LIKED", "COMMENTED", "SHARED")
LIKED: Final = KINDS.index("LIKED")
COMMENTED: Final = KINDS.index("COMMENTED")
_SHARES_OF_KINDS: Final = (0.8, 0.13, 0.07)


@dataclass(frozen=True, slots=True)
class Acts:
    """Interactions in no particular order: codes of account, object and kind; epoch milliseconds."""

    account: npt.NDArray[np.int32]
    object: npt.NDArray[np.int32]
    at_ms: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.account)

    def where(self, kept: Array) -> "Acts":
        """Those interactions that the mask or order keeps."""
        return Acts(self.account[kept], self.object[kept], self.at_ms[kept], self.kind[kept])


@dataclass(frozen=True, slots=True)
class Scenario:
    """Interactions, publication of each object in epoch milliseconds, and the members of each planted group."""

    acts: Acts
    published_ms: npt.NDArray[np.int64]
    accounts: int
    truth: tuple[npt.NDArray[np.int32], ...]


def acts_of(rng: np.random.Generator, account: Array, object: Array, at: Array) -> Acts:
    """Interactions of mixed kinds at `at`, epoch seconds."""
    kind = rng.choice(len(KINDS), len(at), p=_SHARES_OF_KINDS)
    at_ms = np.rint(at * 1000)
    return Acts(account.astype(np.int32), object.astype(np.int32), at_ms.astype(np.int64), kind.astype(np.int8))


def joined(parts: list[Acts]) -> Acts:
    """All interactions of the parts."""
    names = ("account", "object", "at_ms", "kind")
    return Acts(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def key_of(acts: Acts) -> npt.NDArray[np.int64]:
    """One number for each pair of account and object."""
    return acts.account.astype(np.int64) << 32 | acts.object


def columns(scenario: Scenario) -> InteractionColumns:
    """The scenario as detection takes it, with text ids that sort as the codes do."""
    acts = scenario.acts
    return InteractionColumns(
        account=acts.account,
        object=acts.object,
        kind=acts.kind,
        at_ms=acts.at_ms,
        accounts=pa.array([f"x:akun-{i:07d}" for i in range(scenario.accounts)]),
        objects=pa.array([f"x:post-{i:07d}" for i in range(len(scenario.published_ms))]),
        kinds=KINDS,
        published_ms=scenario.published_ms,
        left_out_of=(LeftOut(),) * len(KINDS),
    )
