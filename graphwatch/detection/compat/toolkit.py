"""The edges of the Coordination Network Toolkit (Graham et al.), version 1.5.2, from the same rows."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphwatch.detection import counting_kernels as windowing
from graphwatch.detection.compat import kernels
from graphwatch.detection.compat import rows as limits
from graphwatch.detection.compat.rows import at_least_one, bounded, byte_ranks, encode, milliseconds, texts
from graphwatch.detection.counting import arrange


def toolkit_edges(rows: pa.Table, window_s: float, min_weight: int) -> pa.Table:
    """The edges of the toolkit's `co_retweet`, ordered by both accounts.

    The weight of u → v is the number of messages of u for which v has a message on the same object at most
    `window_s` away, inclusive. Every message matches itself, so u → u counts the messages of u. A message id that
    has been seen before is ignored.

    Args:
        rows: columns account, object, content (the message id; null counts as one of its own), at_ms and kind, in
            the order of the file.
        window_s: seconds.
        min_weight: least weight of an edge, in each direction by itself.

    Returns:
        user_1, user_2, weight.

    Raises:
        UsageError: an argument is out of its range, or there are more edges than such a table may have.

    >>> file = {"account": ["a", "a", "b"], "object": ["o"] * 3, "content": ["1", "2", "3"],
    ...         "at_ms": [0, 1000, 2000], "kind": ["SHARED"] * 3}
    >>> [tuple(edge.values()) for edge in toolkit_edges(pa.table(file), 60, 1).to_pylist()]
    [('a', 'a', 2), ('a', 'b', 2), ('b', 'a', 1), ('b', 'b', 1)]
    """
    window_ms = milliseconds(window_s)
    at_least_one("min_weight", min_weight)
    seen = encode(rows)
    once = np.sort(np.unique(seen.content, return_index=True)[1])
    account = byte_ranks(seen.accounts)[seen.account]
    actions = arrange(account[once], seen.object[once], seen.at_ms[once], accounts=len(seen.accounts))
    low, high = windowing.windows(actions.object, actions.at_ms, window_ms)
    (first, second, weight), found = kernels.count_messages(
        actions.account, low, high, actions.position, actions.start, min_weight, limits.MOST_ROWS
    )
    bounded(found, "edges", "Shorten the window, or raise min_weight.")
    accounts = seen.accounts.take(pc.sort_indices(seen.accounts))
    columns = [texts(accounts, first), texts(accounts, second), weight.astype(np.int64)]
    return pa.table(columns, names=["user_1", "user_2", "weight"])
