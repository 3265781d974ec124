"""A project: a store, and the folder beside it."""

from pathlib import Path

from graphwatch.errors import StoreError
from graphwatch.store import open_store


class Project:
    """A store, with the folder that holds what does not belong in the graph: keys, quarantine, access log.

    Every verb is a function of a project; `Desk` has them as its methods.

    Attributes:
        place: the store's folder, or the address of its server.
        folder: an embedded store's own, or the one beside a server.
    """

    def __init__(self, place: str, folder: Path, *, create: bool) -> None:
        self.store = open_store(place, create=create)
        self.place, self.folder = place, folder

    def __repr__(self) -> str:
        return f"graphwatch.open({self.place!r})"

    def made_folder(self, name: str = ".") -> Path:
        """The project's folder, or one in it, made where it is missing.

        Raises:
            StoreError: it cannot be made.
        """
        folder = self.folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"the folder cannot be made: {error.strerror}",
                where=str(folder),
                remedy="Choose a folder that you may write to with --store, or --project beside a server.",
            ) from error
        return folder
