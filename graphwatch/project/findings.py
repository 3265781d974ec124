"""Detection: who acts together beyond chance, why that is a lead, and what could have been found."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, Unpack

import pyarrow as pa

from graphwatch.calendar.timerange import Moment
from graphwatch.detection import detecting, estimate, explaining, powering
from graphwatch.detection.compat import tables as compat_tables
from graphwatch.detection.config import Question, WholeQuestion
from graphwatch.detection.detecting import Detected
from graphwatch.detection.powering import Powered
from graphwatch.explain.model import Explanation
from graphwatch.model import POST_INTERACTIONS
from graphwatch.model.scope import Object
from graphwatch.project.opened import Opened
from graphwatch.repository.runs import LATEST
from graphwatch.settings import (
    FDR,
    MIN_OBJECTS,
    POWER_JOINS,
    POWER_POSTS,
    POWER_REPEATS,
    POWER_SIZES,
    POWER_SPREAD_SECONDS,
    SEED,
    WINDOW_SECONDS,
)

if TYPE_CHECKING:
    import pandas as pd

    from graphwatch.detection.estimate import Estimate


class Findings(Opened):
    """Detection: who acts together beyond chance, why that is a lead, and what could have been found."""

    def detect(
        self,
        *,
        window: float = WINDOW_SECONDS,
        min_objects: int = MIN_OBJECTS,
        kinds: Sequence[str] = POST_INTERACTIONS,
        object: Object = "post",
        pages: Sequence[str] = (),
        paslon: str | None = None,
        paslon_pages: bool = False,
        from_: Moment | None = None,
        to: Moment | None = None,
        phase: str | None = None,
        calendar: str | None = None,
        fdr: float | None = FDR,
        layers: bool = False,
        sensitivity: bool = True,
        seed: int = SEED,
        threads: int | None = None,
    ) -> Detected:
        """Find pairs of accounts that act on the same objects within a window of each other, and their clusters.

        Args:
            window: seconds between two actions that count as together, inclusive.
            min_objects: distinct objects on which a pair must act together.
            kinds: kinds of interaction that are looked at.
            object: what accounts are said to act on: post, page (that published the post), link or hashtag (in it).
            pages: ids of pages; only interactions with their posts are looked at.
            paslon: id of a paslon; only interactions with posts of pages that support it are looked at.
            paslon_pages: only interactions with posts of pages that support some paslon are looked at.
            from_, to: first and last day or time, both included; in Asia/Jakarta unless they say otherwise.
            phase, calendar: only during that phase of the election calendar, see `Project.resolve_range`.
            fdr: false discovery rate at which pairs are called coordinated and accounts are members of clusters. With
                None pairs are only counted, and clusters are of all that reached the count.
            layers: look at each kind of interaction alone, too.
            sensitivity: also say what half and twice the window would find, where pairs are tested.
            seed: of every random choice.
            threads: as many as the machine has when left out; the answer does not depend on it.

        Raises:
            UsageError: an argument is out of its range.
            NothingFound: there is no such page or paslon, or no interaction in scope.
            StoreMissing: nothing has been loaded yet.
        """
        return detecting.detect(
            self._writable,
            window=window,
            min_objects=min_objects,
            kinds=kinds,
            object=object,
            pages=pages,
            paslon=paslon,
            paslon_pages=paslon_pages,
            from_=from_,
            to=to,
            phase=phase,
            calendar=calendar,
            fdr=fdr,
            layers=layers,
            sensitivity=sensitivity,
            seed=seed,
            threads=threads,
        )

    def estimate(self, *, threads: int | None = None, **question: Unpack[WholeQuestion]) -> "Estimate":
        """What `detect` with these arguments will look at, and the order of magnitude of its time and memory.

        Nothing is detected and nothing is written. Rows, opportunities and pair visits are exact; pairs and tests are
        from a sample of accounts where there are many. Numbers are those of all kinds together at the window itself;
        the time is that of all that is asked, layers and other windows too.

        Raises:
            UsageError: an argument is out of its range.
            NothingFound: there is no such page or paslon, or no interaction in scope.
            StoreMissing: nothing has been loaded yet.
        """
        return estimate.estimate(self._workspace, threads=threads, **question)

    def power(
        self,
        *,
        run: str | None = None,
        sizes: Sequence[int] = POWER_SIZES,
        posts: Sequence[int] = POWER_POSTS,
        spread: float = POWER_SPREAD_SECONDS,
        joins: float = POWER_JOINS,
        repeats: int = POWER_REPEATS,
        seed: int = SEED,
        threads: int | None = None,
        progress: Callable[[str, int, int | None], None] = lambda *_: None,
        **question: Unpack[Question],
    ) -> Powered:
        """Plant synthetic groups into a copy of the interactions, and report which would have been found.

        Nothing planted is ever written. With `run` the question is that run's, and the run keeps the table.

        Args:
            run: id of a run, or `latest`; the question is then its own.
            sizes: accounts in a group.
            posts: posts on which a group acts.
            spread: standard deviation of the members' times on one post, in seconds.
            joins: chance that a member acts on a post of its group.
            repeats: groups of each size and number of posts.
            seed: of every draw; the same seed gives the same table.
            threads: as many as the machine has when left out; the answer does not depend on it.
            progress: is told what is done, how much of it and the whole.
            question: window, min_objects, fdr and the scope, as for `detect`.

        Raises:
            UsageError: an argument is out of its range, or a question is asked beside that of the run.
            NothingFound: there is no such run, or what it saw has changed since; or no interaction in scope.
            StoreMissing: nothing has been loaded yet.
        """
        return powering.power(
            self._writable,
            run=run,
            sizes=sizes,
            posts=posts,
            spread=spread,
            joins=joins,
            repeats=repeats,
            seed=seed,
            threads=threads,
            progress=progress,
            **question,
        )

    def kept_power(self, run: str = LATEST) -> Powered | None:
        """The table that a run keeps, if there is one.

        Raises:
            NothingFound: there is no such run.
        """
        return powering.kept_power(self._workspace, run)

    def explain(
        self, lead: str | int, other: str | None = None, *, run: str = LATEST, layer: str = "all"
    ) -> Explanation:
        """Why a pair or a cluster is a lead, in numbers; `graphwatch.explain.words.sections` puts it in words.

        Args:
            lead: number or id of a cluster, id of a pair, or id or handle of one account of a pair.
            other: id or handle of the other account.
            run: id of a complete run.
            layer: all, or one kind of interaction of a run that looked at each alone.

        Raises:
            NothingFound: there is no such run, or no such cluster or pair in it.
            UsageError: a handle is of several accounts.
        """
        return explaining.explain(self._workspace, lead, other, run=run, layer=layer)

    def explain_clusters(self, *, run: str = LATEST, layer: str = "all") -> tuple[Explanation, ...]:
        """Every cluster of a run explained, the largest first; the interactions are read once.

        Raises:
            NothingFound: there is no such run.
        """
        return explaining.explain_clusters(self._workspace, run=run, layer=layer)

    def compat(
        self,
        tool: Literal["coortweet", "toolkit"],
        *,
        table: Literal["edges", "pairs"] = "edges",
        window: float = WINDOW_SECONDS,
        min_participation: int = 2,
        edge_weight: float = 0.5,
        min_weight: int = 1,
        to: Literal["pandas", "arrow"] = "pandas",
    ) -> "pd.DataFrame | pa.Table":
        """What CooRTweet or the Coordination Network Toolkit would answer, in their own columns.

        Each interaction with a post counts as often as rows supplied it, in the order of loading. Ids are the native
        ones where all are of one platform. Interactions without a time are left out; how many there are is in
        `DataFrame.attrs["untimed"]`, or under `UNTIMED` in the metadata of the Arrow schema.

        Args:
            tool: coortweet or toolkit.
            table: edges, or for coortweet also pairs.
            window: seconds between two rows that match, inclusive.
            min_participation: rows that an account must have; coortweet.
            edge_weight: quantile that `weight_threshold` is about; coortweet.
            min_weight: least weight of an edge; toolkit.
            to: a pandas DataFrame with nullable types, or an Arrow table.

        Raises:
            UsageError: an argument is out of its range, or the table would be larger than memory.
            StoreMissing: nothing has been loaded yet.
        """
        return compat_tables.compat(
            self._workspace,
            tool,
            table=table,
            window=window,
            min_participation=min_participation,
            edge_weight=edge_weight,
            min_weight=min_weight,
            to=to,
        )
