"""What people may ask for, and what the law asks: erasure, retention, access, the log of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from graphwatch.project.opened import Late, Opened

if TYPE_CHECKING:
    from graphwatch.rights import erasure, retention, subject
    from graphwatch.rights.erasure import Expired, Forgotten
else:
    erasure = Late("graphwatch.rights.erasure")
    retention = Late("graphwatch.rights.retention")
    subject = Late("graphwatch.rights.subject")


class Rights(Opened):
    """What people may ask for, and what the law asks: erasure, retention, access, the log of it."""

    def forget(
        self,
        *,
        account: str | None = None,
        asn: str | None = None,
        platform: str | None = None,
        reason: str,
        dry_run: bool = False,
    ) -> Forgotten:
        """Erase everything about an account or a person, prove it, and let no later load bring it back.

        Nodes, relations, pairs and memberships go from the graph and from its record; persons from the vault; values
        from quarantine files; names from texts of others, which stay. Complaints and posts of theirs on which others
        acted stay without their words. The access log stays: it is the record of what was processed.

        Args:
            account: id, handle or address.
            asn: a person's NIP, or id in the graph; accounts that are this person's alone go too.
            platform: where a handle needs it.
            reason: why; it is logged and may not name them.
            dry_run: only count.

        Raises:
            UsageError: no reason, one that names them, neither or both of account and asn.
            NothingFound: the graph does not know them.
            KeyMissing, KeyWrong: the key of the roster, the vault or the tombstones is not here.
            StoreLocked: another process holds the store.
        """
        return erasure.forget(
            self._workspace, self._store, account=account, asn=asn, platform=platform, reason=reason, dry_run=dry_run
        )

    @property
    def is_forgetting(self) -> bool:
        """Whether an erasure was begun and is not finished."""
        return erasure.Pending(self.folder).read() is not None

    def resume_forgetting(self) -> Forgotten | Expired | None:
        """Finish the erasure that was begun and stopped; None where none was.

        Raises:
            KeyMissing, KeyWrong: the key of the vault or of the tombstones is not here.
            StoreLocked: another process holds the store, or is erasing.
            StoreDamaged: what is to be erased cannot be read.
        """
        return erasure.resume(self._workspace, self._store)

    def expire(self, *, today: date | None = None, dry_run: bool = False) -> Expired:
        """Erase what only sources supplied whose last day of retention has passed.

        Interactions and rows of the roster that a source still kept supplied too stay, without the expired ones.
        Accounts and posts that then hang on nothing go as well. The Source itself stays, as the record of what was
        processed.

        Args:
            today: the day on which it is asked; the present one in Jakarta when left out.
            dry_run: only count.

        Raises:
            KeyMissing, KeyWrong: persons go, and the vault does not open.
            StoreLocked: another process holds the store.
        """
        return retention.expire(self._workspace, self._store, today=today, dry_run=dry_run)

    def remove(self, source: str, *, reason: str, dry_run: bool = False) -> Expired:
        """Undo a load: erase what only that source supplied.

        What another source supplied too stays, without this one; so do decisions, and the Source itself, as the record
        of what was processed. Runs say that something was erased since. The file may be loaded again afterwards.

        Args:
            source: its id, or the name of its file where only one source has it.
            reason: why; it is logged.
            dry_run: only count.

        Raises:
            UsageError: no reason, or several sources are of a file of that name.
            NothingFound: there is no such source.
            KeyMissing, KeyWrong: persons go, and the vault does not open.
            StoreLocked: another process holds the store.
        """
        return retention.remove(self._workspace, self._store, source, reason=reason, dry_run=dry_run)

    def about(
        self,
        *,
        account: str | None = None,
        asn: str | None = None,
        platform: str | None = None,
        reason: str = "subject access request",
        unmask: bool = False,
    ) -> dict[str, Any]:
        """Everything stored about an account, or about a person and the accounts that are this person's alone.

        Who complained is not told, and accounts of others that acted alike, follow or are followed are pseudonyms: it
        is made to be handed over. That it was asked is logged first, under pseudonyms.

        Args:
            account: id, handle or address.
            asn: a person's NIP, or id in the graph; name and NIP come from the vault, with its key.
            platform: where a handle needs it.
            reason: why it is asked.
            unmask: name accounts of others too; it is logged.

        Returns:
            Lists of rows by what they are: accounts, interactions, published, pairs, clusters, bursts, scores, links,
            duty, employment, watch, complaints, decisions, sources, and clusters_without_bursts, of which the graph
            has none; and person.

        Raises:
            UsageError, NothingFound, KeyMissing, KeyWrong: as for `forget`.
        """
        return subject.about(self._workspace, account=account, asn=asn, platform=platform, reason=reason, unmask=unmask)

    def sign_on(self, name: str) -> None:
        """Note in the access log who works with the project now, where the user of the system does not tell it.

        Args:
            name: as the person gave it.

        Raises:
            UsageError: there is no name.
            StoreLocked, StoreDamaged, StoreError: the line cannot be appended.
        """
        subject.sign_on(self._workspace, name)

    def access_log(self, *, action: str | None = None, last: int | None = None) -> list[dict[str, Any]]:
        """The lines of the access log with their numbers, the first one first; they are not verified.

        Args:
            action: only those of one kind, for example unmask, complainant, about, forget, expire.
            last: only so many, the last ones.

        Returns:
            line, at, who, action, reason, details and sha256 of each.

        >>> import tempfile
        >>> import graphwatch as gw
        >>> with tempfile.TemporaryDirectory() as folder, gw.open(f"{folder}/new.gw", create=True) as project:
        ...     project.access_log(), project.verify_log()[0]
        ([], 0)
        """
        return subject.access_log(self._workspace, action=action, last=last)

    def verify_log(self, *, noted: str | None = None) -> tuple[int, str]:
        """Check every line of the access log against the one before; the number of lines and the digest of the last.

        Args:
            noted: the digest of the last line at an earlier time; lines that were cut off at the end are found by it.

        Raises:
            StoreDamaged: naming the first line that is not what was written.
            NothingFound: no line has the digest that was noted.
        """
        return subject.verify_log(self._workspace, noted=noted)
