"""Copy a store into another and show that both hold the same."""

from graphwatch.errors import StoreDamaged, StoreError
from graphwatch.store.base import Store, Written
from graphwatch.store.digest import table_digest


def copy_store(source: Store, target: Store) -> list[Written]:
    """Write every table of `source` into `target`, which must be empty or hold a part of the same.

    Returns:
        What was written of each table.

    Raises:
        StoreError: the target holds something that the source does not.
        StoreDamaged: the outcome differs from the source.
    """
    if target.exists:
        here, there = source.info().counts, target.info().counts
        surplus = [name for name, count in there.items() if count > here.get(name, 0)]
        if surplus:
            raise StoreError(
                f"the target holds more {', '.join(surplus)} than the source",
                where=target.info().place,
                remedy="Copy into an empty store.",
            )
    with source.session():
        with target.write("copy") as writing:
            written = [writing.add(table) for _, table in source.dump()]
        differing = [
            name
            for (name, ours), (_, theirs) in zip(source.dump(), target.dump(), strict=True)
            if table_digest(ours) != table_digest(theirs)
        ]
    if differing:
        raise StoreDamaged(
            f"the copy differs from its source in {', '.join(differing)}",
            where=target.info().place,
            remedy="Nobody may write either store while it is copied; copy into an empty store.",
        )
    return written
