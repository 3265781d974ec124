"""A whole run: all kinds of interaction together, each kind alone, and the same at other windows."""

from dataclasses import asdict, dataclass, replace

import numpy as np

from graphwatch.common.clock import DAY_MS
from graphwatch.detection.enrichment import Context
from graphwatch.detection.parameters import Parameters
from graphwatch.detection.run import Found, detect, search
from graphwatch.model.scope import ALL
from graphwatch.model.tables import InteractionColumns


@dataclass(frozen=True, slots=True)
class AtWindow:
    """What a search at another window finds: pairs, those beyond chance, clusters, and accounts in clusters.

    `coordinated` is None where nothing was tested.
    """

    window_ms: int
    pairs: int
    coordinated: int | None
    clusters: int
    accounts: int

    def as_dict(self) -> dict[str, int | None]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Ran:
    """A run: what each layer found, all kinds together first, and how that changes with the window."""

    layers: tuple[Found, ...]
    sensitivity: tuple[AtWindow, ...]

    @property
    def whole(self) -> Found:
        """All kinds of interaction together."""
        return self.layers[0]


def run_question(
    columns: InteractionColumns,
    parameters: Parameters,
    *,
    run: str,
    data: str,
    version: str,
    context: Context | None = None,
    threads: int | None = None,
) -> Ran:
    """Ask everything that the parameters ask; `run` and `data` come from `identify`."""
    layers = tuple(
        detect(columns, parameters, run=run, data=data, version=version, layer=layer, context=context, threads=threads)
        for layer in layers_of(columns, parameters)
    )
    windows = other_windows(parameters.window_ms) if parameters.sensitivity else ()
    return Ran(layers, tuple(_at_window(columns, parameters, w, threads) for w in windows))


def layers_of(columns: InteractionColumns, parameters: Parameters) -> list[str]:
    """The layers that are looked at; where there is one kind only, it is no other layer than all."""
    present = [columns.kinds[code] for code in np.unique(columns.kind)]
    return [ALL, *present] if parameters.layers and len(present) > 1 else [ALL]


def other_windows(window_ms: int) -> tuple[int, ...]:
    """Half the window and twice the window, as far as they are windows.

    >>> other_windows(60_000), other_windows(0)
    ((30000, 120000), ())
    """
    return tuple(w for w in (window_ms // 2, 2 * window_ms) if 0 < w <= DAY_MS)


def _at_window(columns: InteractionColumns, parameters: Parameters, window_ms: int, threads: int | None) -> AtWindow:
    found = search(columns, replace(parameters, window_ms=window_ms), threads=threads)
    coordinated = None if found.null_test is None else int(found.null_test.coordinated.sum())
    return AtWindow(window_ms, len(found.pairs), coordinated, len(found.clusters), len(found.clusters.member))
