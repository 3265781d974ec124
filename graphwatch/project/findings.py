"""Detection: who acts together beyond chance, why that is a lead, and what could have been found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from graphwatch.common.progress import Progress, silent
from graphwatch.common.table import Table
from graphwatch.detection.config import CompatConfig, DetectionConfig, Means, PowerConfig
from graphwatch.project.opened import Late, Opened
from graphwatch.settings import LATEST

if TYPE_CHECKING:
    from graphwatch.detection import detecting
    from graphwatch.detection.detecting import Detected
    from graphwatch.detection.estimate import Estimate
    from graphwatch.detection.evidence import explaining
    from graphwatch.detection.peers import compat as compat_tables
    from graphwatch.detection.power import powering
    from graphwatch.detection.power.powering import Powered
    from graphwatch.explain.model import Explanation, RegularLag
else:
    compat_tables = Late("graphwatch.detection.peers.compat")
    detecting = Late("graphwatch.detection.detecting")
    explaining = Late("graphwatch.detection.evidence.explaining")
    powering = Late("graphwatch.detection.power.powering")


class Findings(Opened):
    """Detection: who acts together beyond chance, why that is a lead, and what could have been found."""

    def detect(
        self,
        config: DetectionConfig | None = None,
        *,
        threads: int | None = None,
        memory: float | None = None,
        acts: str | None = None,
        engine: Literal["local", "spark"] = "local",
        master: str | None = None,
        progress: Progress = silent,
        **overrides: Any,
    ) -> Detected:
        """Find pairs of accounts that act on the same objects within a window of each other, and their clusters.

        Args:
            config: what is asked; the default question when left out.
            threads: as many as the machine has when left out; the answer depends neither on it nor on where it is
                found.
            memory: GB that acts may take of memory; what does not fit lies in files meanwhile.
            acts: path of Parquet files with acts, which are looked at rather than those of the store; those behind what
                was found are loaded. `docs/scale.md` says what they hold.
            engine: where pairs are counted, local or spark.
            master: the address of Spark's master.
            overrides: single fields of `DetectionConfig`, which win over those of `config`.

        Raises:
            UsageError: a value is out of its range, or there is no field of such a name.
            NothingFound: there is no such page or paslon, or no interaction in scope.
            StoreMissing: nothing has been loaded yet.
            InputError: files of acts are not there, cannot be read or are none.
            StoreError: the disk has no room for what does not fit into memory, or Spark gave up.
        """
        ours, means = self._writable, Means(memory=memory, acts=acts, engine=engine, master=master)
        asked = DetectionConfig.asked(config, overrides)
        return detecting.detect(ours, asked, means, threads=threads, progress=progress)

    def estimate(
        self, config: DetectionConfig | None = None, *, threads: int | None = None, **overrides: Any
    ) -> Estimate:
        """What `detect` with these arguments will look at, and the order of magnitude of its time and memory.

        Nothing is detected and nothing is written. Rows, opportunities and pair visits are exact; pairs and tests are
        from a sample of accounts where there are many. Numbers are those of all kinds together at the window itself;
        the time is that of all that is asked, layers and other windows too.

        Args:
            config, threads, overrides: as for `detect`.

        Raises:
            UsageError, NothingFound, StoreMissing: as for `detect`.
        """
        from graphwatch.detection import estimate  # its kernels are compiled code, which others need not load

        return estimate.estimate(self._workspace, DetectionConfig.asked(config, overrides), threads=threads)

    def power(
        self,
        config: PowerConfig | None = None,
        *,
        run: str | None = None,
        threads: int | None = None,
        progress: Progress = silent,
        **overrides: Any,
    ) -> Powered:
        """Plant synthetic groups into a copy of the interactions, and report which would have been found.

        Nothing planted is ever written. With `run` the question is that run's, and the run keeps the table.

        Args:
            config: what is asked, and which groups are planted.
            run: id of a run, or `latest`; the question is then its own.
            threads: as many as the machine has when left out; the answer does not depend on it.
            progress: is told what is done, how much of it and the whole.
            overrides: single fields of `PowerConfig`, which win over those of `config`.

        Raises:
            UsageError: a value is out of its range, or a question is asked beside that of the run.
            NothingFound: there is no such run, or what it saw has changed since; or no interaction in scope.
            StoreMissing: nothing has been loaded yet.
        """
        return powering.power(
            self._writable, PowerConfig.asked(config, overrides), run=run, threads=threads, progress=progress
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
            lead: number or id of a cluster, id of a pair, or one account of a pair: its id, handle, address or
                pseudonym.
            other: the other account.
            run: id of a complete run.
            layer: all, or one kind of interaction of a run that looked at each alone.

        Raises:
            NothingFound: there is no such run, or no such cluster or pair in it.
            UsageError: the accounts may be several pairs.
        """
        return explaining.explain(self._workspace, lead, other, run=run, layer=layer)

    def explain_lag(self, account: str, *, run: str = LATEST) -> RegularLag | None:
        """Why an account that acts always so long after publication is a lead, in numbers; None where it is none.

        `graphwatch.explain.lag_words.lag_sections` puts it in words.

        Args:
            account: its id, handle, address or pseudonym.
            run: id of a complete run.

        Raises:
            NothingFound: there is no such run.
        """
        return explaining.explain_lag(self._workspace, account, run=run)

    def explain_clusters(self, *, run: str = LATEST, layer: str = "all") -> tuple[Explanation, ...]:
        """Every cluster of a run explained, the largest first; the interactions are read once.

        Raises:
            NothingFound: there is no such run.
        """
        return explaining.explain_clusters(self._workspace, run=run, layer=layer)

    def compat(
        self, tool: Literal["coortweet", "toolkit"], config: CompatConfig | None = None, **overrides: Any
    ) -> Table:
        """What CooRTweet or the Coordination Network Toolkit would answer, in their own columns.

        Each interaction with a post counts as often as rows supplied it, in the order of loading. Ids are the native
        ones where all are of one platform. Interactions without a time are left out; `Table.untimed`
        says how many.

        Args:
            tool: coortweet or toolkit.
            config: which table, and the thresholds of the tool.
            overrides: single fields of `CompatConfig`, which win over those of `config`.

        Raises:
            UsageError: a value is out of its range, there is no field of such a name, or the table would be larger
                than memory.
            StoreMissing: nothing has been loaded yet.
        """
        return compat_tables.compat(self._workspace, tool, CompatConfig.asked(config, overrides))
