"""Kernels of the metrics: loops over compressed rows that numba compiles. They know neither stores nor ids."""

import numpy as np

from graphwatch.common.compiled import compiled


@compiled
def dependencies(start, neighbour, sources):  # type: ignore[no-untyped-def]
    """For each node the sum over sources of the share of shortest paths from the source through it, and of its square.

    One breadth-first search a source, then backwards over it (Brandes 2001). O(sources · edges); memory O(nodes).
    """
    nodes = len(start) - 1
    total, squares = np.zeros(nodes), np.zeros(nodes)
    distance = np.full(nodes, -1, np.int32)
    paths, share = np.zeros(nodes), np.zeros(nodes)
    order = np.empty(nodes, np.int32)
    for s in sources:
        distance[s], paths[s], order[0] = 0, 1.0, s
        head, tail = 0, 1
        while head < tail:
            v = order[head]
            head += 1
            for e in range(start[v], start[v + 1]):
                w = neighbour[e]
                if distance[w] < 0:
                    distance[w] = distance[v] + 1
                    order[tail] = w
                    tail += 1
                if distance[w] == distance[v] + 1:
                    paths[w] += paths[v]
        for i in range(tail - 1, -1, -1):
            w = order[i]
            for e in range(start[w], start[w + 1]):
                v = neighbour[e]
                if distance[v] == distance[w] - 1:
                    share[v] += paths[v] / paths[w] * (1.0 + share[w])
            if w != s:
                total[w] += share[w]
                squares[w] += share[w] * share[w]
        for i in range(tail):
            v = order[i]
            distance[v], paths[v], share[v] = -1, 0.0, 0.0
    return total, squares


@compiled
def distances(start, neighbour, begin, end):  # type: ignore[no-untyped-def]
    """For each node in [begin, end) how many nodes it reaches, itself among them, and the sum of their distances."""
    nodes = len(start) - 1
    reached, far = np.zeros(end - begin, np.int64), np.zeros(end - begin, np.int64)
    distance = np.full(nodes, -1, np.int32)
    order = np.empty(nodes, np.int32)
    for s in range(begin, end):
        distance[s], order[0] = 0, s
        head, tail = 0, 1
        while head < tail:
            v = order[head]
            head += 1
            far[s - begin] += distance[v]
            for e in range(start[v], start[v + 1]):
                w = neighbour[e]
                if distance[w] < 0:
                    distance[w] = distance[v] + 1
                    order[tail] = w
                    tail += 1
        reached[s - begin] = tail
        for i in range(tail):
            distance[order[i]] = -1
    return reached, far


@compiled
def cores(start, neighbour):  # type: ignore[no-untyped-def]
    """The largest k for which each node is in the k-core: nodes leave in the order of their remaining degree.

    Buckets of equal degree, O(edges) (Batagelj and Zaveršnik 2003).
    """
    nodes = len(start) - 1
    degree = (start[1:] - start[:-1]).astype(np.int64)
    most = degree.max() if nodes else 0
    bucket = np.zeros(most + 2, np.int64)
    for d in degree:
        bucket[d + 1] += 1
    for d in range(1, most + 2):
        bucket[d] += bucket[d - 1]
    place, order = np.empty(nodes, np.int64), np.empty(nodes, np.int64)
    fill = bucket.copy()
    for v in range(nodes):
        place[v] = fill[degree[v]]
        order[place[v]] = v
        fill[degree[v]] += 1
    for i in range(nodes):
        v = order[i]
        for e in range(start[v], start[v + 1]):
            w = neighbour[e]
            if degree[w] > degree[v]:
                first = bucket[degree[w]]
                u = order[first]
                if u != w:
                    order[place[w]], order[first] = u, w
                    place[u], place[w] = place[w], first
                bucket[degree[w]] += 1
                degree[w] -= 1
    return degree


@compiled
def triangles(start, neighbour):  # type: ignore[no-untyped-def]
    """The number of triangles that each node is a corner of; rows are ascending."""
    nodes = len(start) - 1
    found = np.zeros(nodes, np.int64)
    for v in range(nodes):
        for e in range(start[v], start[v + 1]):
            w = neighbour[e]
            if w <= v:
                continue
            i, j = e + 1, start[w]
            while i < start[v + 1] and j < start[w + 1]:
                a, b = neighbour[i], neighbour[j]
                if a < b:
                    i += 1
                elif b < a or b <= w:
                    j += 1
                else:
                    found[v] += 1
                    found[w] += 1
                    found[a] += 1
                    i += 1
                    j += 1
    return found


@compiled
def overlap(start, neighbour):  # type: ignore[no-untyped-def]
    """For each node the mean, over the nodes two steps away, of shared neighbours over all neighbours of the two.

    The clustering coefficient of two-mode networks (Latapy, Magnien and Del Vecchio 2008, 'dot').
    """
    nodes = len(start) - 1
    found = np.zeros(nodes)
    shared = np.zeros(nodes, np.int64)
    touched = np.empty(nodes, np.int32)
    for v in range(nodes):
        partners = 0
        for e in range(start[v], start[v + 1]):
            w = neighbour[e]
            for f in range(start[w], start[w + 1]):
                u = neighbour[f]
                if u == v:
                    continue
                if shared[u] == 0:
                    touched[partners] = u
                    partners += 1
                shared[u] += 1
        for i in range(partners):
            u = touched[i]
            together = start[v + 1] - start[v] + start[u + 1] - start[u] - shared[u]
            found[v] += shared[u] / together
            shared[u] = 0
        if partners:
            found[v] /= partners
    return found


@compiled
def lows(start, neighbour):  # type: ignore[no-untyped-def]
    """Cut points and bridges by one depth-first search without recursion (Hopcroft and Tarjan 1973).

    Returns:
        for each node whether its component falls apart without it; the bridges as two arrays of their ends.
    """
    nodes = len(start) - 1
    cut = np.zeros(nodes, np.bool_)
    seen, low = np.full(nodes, -1, np.int64), np.zeros(nodes, np.int64)
    parent, at = np.full(nodes, -1, np.int64), start[:-1].copy()
    stack = np.empty(nodes, np.int64)
    bridges, used, clock = np.empty((2, max(nodes, 1)), np.int32), 0, 0
    for root in range(nodes):
        if seen[root] >= 0:
            continue
        seen[root] = low[root] = clock
        clock += 1
        stack[0], depth, children = root, 1, 0
        while depth:
            v = stack[depth - 1]
            if at[v] < start[v + 1]:
                w = neighbour[at[v]]
                at[v] += 1
                if seen[w] < 0:
                    parent[w], seen[w], low[w] = v, clock, clock
                    clock += 1
                    stack[depth] = w
                    depth += 1
                    if v == root:
                        children += 1
                elif w != parent[v]:
                    low[v] = min(low[v], seen[w])
                continue
            depth -= 1
            p = parent[v]
            if p >= 0:
                low[p] = min(low[p], low[v])
                if low[v] >= seen[p] and p != root:
                    cut[p] = True
                if low[v] > seen[p]:
                    bridges[0, used], bridges[1, used] = min(p, v), max(p, v)
                    used += 1
        cut[root] = children > 1
    return cut, bridges[:, :used].copy()
