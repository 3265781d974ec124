"""Agreement on texts and on likes without a time: who is found where groups are planted, and who where none is.

python -m benchmarks.agreeing [--seeds 20] [--only likes]
"""

import argparse
from collections.abc import Callable
from functools import partial
from typing import Final

import numpy as np

from benchmarks.scenarios.agreeing import Agreeing, comments, likers
from graphwatch.detection.families.agreement import Agreement, agreement, everybodys, prompted
from graphwatch.detection.families.uses import uses

# Two families share a rate of 0.05.
_FDR: Final = 0.025
_PASSING: Final = {"some": 0.3, "many": 0.6, "all": 1.0}
LINES: Final[dict[str, Callable[[int], Agreeing]]] = {
    "likes, followers": likers,
    "likes, tastes": partial(likers, tastes=True),
    "likes, sessions": partial(likers, sessions=True),
    **{f"likes, {name} come and go": partial(likers, turnover=share) for name, share in _PASSING.items()},
    "texts, copied from above": comments,
    "texts, blessings by habit": partial(comments, habit=True),
    "texts, giveaways": partial(comments, giveaways=True),
    "texts, slogans of camps": partial(comments, chants=True),
    **{f"likes, groups on {posts} posts": partial(likers, groups=6, posts=posts) for posts in (10, 20, 40)},
    **{f"texts, groups on {texts} texts": partial(comments, groups=6, texts=texts) for texts in (3, 4)},
    "texts, groups among all": partial(comments, groups=6, habit=True, giveaways=True, chants=True),
}


def agreed(made: Agreeing, *, fdr: float = _FDR, seed: int = 1) -> Agreement:
    """As a run does it: everybody's texts left out, answers to what a post asks for by post."""
    account, block = made.account, made.block
    object = np.unique(made.object, return_inverse=True)[1]
    if not made.dense:
        own = ~everybodys(account, object, made.at_ms)[object]
        account, object, post, block = account[own], object[own], made.post[own], block[own]
        block = np.where(prompted(account, object, post), 10_000 + post, block)
    object, block = (np.unique(codes, return_inverse=True)[1] for codes in (object, block))
    in_blocks = partial(uses, account, object, accounts=made.accounts, dense=made.dense)
    if made.wide is None:
        return agreement(in_blocks(block), 3, fdr, seed=seed)
    return agreement(in_blocks(made.wide), 3, fdr, seed=seed, narrower=partial(in_blocks, block))


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--seeds", type=int, default=20)
    options.add_argument("--only", default="", help="lines whose name begins so")
    asked = options.parse_args()
    seeds = asked.seeds
    for name, scenario in ((name, line) for name, line in LINES.items() if name.startswith(asked.only)):
        runs, right, found = 0, [], []
        for seed in range(seeds):
            made = scenario(seed)
            members = np.flatnonzero(agreed(made).cluster_of)
            planted = np.concatenate([np.empty(0, int), *made.truth])
            runs += len(members) > 0
            right += [np.isin(members, planted).mean()] if len(members) else []
            found += [np.isin(planted, members).mean()] if len(planted) else []
        shares = "".join(f"; {what} {np.mean(of):.3f}" for what, of in (("right", right), ("found", found)) if of)
        print(f"{name}: a cluster in {runs} of {seeds}{shares}", flush=True)


if __name__ == "__main__":
    main()
