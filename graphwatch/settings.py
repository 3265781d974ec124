"""Defaults and limits in one place; each says why it is what it is."""

from datetime import UTC, datetime
from typing import Final

DEFAULT_STORE: Final = "graphwatch.gw"
STORE_VARIABLE: Final = "GRAPHWATCH_STORE"
SERVER_VARIABLE: Final = "NEO4J_URI"
# Beside a server: what does not belong in a shared graph.
DEFAULT_PROJECT: Final = "graphwatch-project"
PROJECT_VARIABLE: Final = "GRAPHWATCH_PROJECT"

# Folders beside a store for what is gone when a command ends; what a killed one left goes with the next erasure.
SCRATCH: Final = "scratch-"

# The key of the vault, or the file that holds it; else it is in the project's keys folder.
VAULT_KEY_VARIABLE: Final = "GRAPHWATCH_VAULT_KEY"
VAULT_KEY_FILE_VARIABLE: Final = "GRAPHWATCH_VAULT_KEY_FILE"

# The default question of `detect`: two accounts within a minute of each other on three posts.
WINDOW_SECONDS: Final = 60.0
MIN_OBJECTS: Final = 3
# One in twenty of the pairs that are called coordinated may be chance.
FDR: Final = 0.05
# One seed, one result: of every sample and every random order. Another one is as good.
SEED: Final = 20240922

# The language of what readers get, where neither the office nor its locale names one; offices in Indonesia read it.
READERS_LANGUAGE: Final = "id"
# The same for sentences among the messages of the program itself, which are in English.
TERMINAL_LANGUAGE: Final = "en"

# What stands for the run that was made last, wherever a run is named.
LATEST: Final = "latest"

# Election phases, and days without a zone of their own, are counted here.
TIMEZONE: Final = "Asia/Jakarta"

# Groups planted to learn what would have been found: from hardly to easily, seven in ten joining; what has no time, and
# whole days, need more posts.
POWER_SIZES: Final = (5, 10, 20)
POWER_POSTS: Final = (4, 8, 16)
POWER_POSTS_OF: Final = {"day": (8, 16, 32), "untimed": (10, 20, 40)}
POWER_JOINS: Final = 0.7
POWER_REPEATS: Final = 20

# A reading query that takes longer than a coffee is a mistake more often than an intention.
QUERY_SECONDS: Final = 60.0
QUERY_ROWS: Final = 100_000
# What an answer of so many rows needs at most; an analyst's machine does other things besides.
QUERY_MEMORY: Final = 4 << 30
# The embedded engine's own bound on variable-length patterns.
QUERY_HOPS: Final = 30

# Another process usually holds a store for seconds, not minutes.
LOCK_WAIT_SECONDS: Final = 5.0
# Whoever takes in a large load is waited for while that gets on; the engine may write nothing for a minute or two.
LOCK_STILL_SECONDS: Final = 180.0

# One row batch of a file being read. Small enough that memory stays flat, large enough that
# vectorised checks pay.
BATCH_ROWS: Final = 50_000
# A cell longer than any post on any platform is a broken quote or an attack.
CELL_BYTES: Final = 1 << 20

# Before Facebook there was nothing that this package reads.
EARLIEST: Final = datetime(2004, 1, 1, tzinfo=UTC)
# Clocks of collecting machines run a little ahead of ours.
CLOCK_SKEW_SECONDS: Final = 300

# A number of fewer persons than this is about somebody: it is not passed on.
FEWEST: Final = 5
# Under pseudonyms, what an account did in a short phase is told where so many did as much: fewer are found by it.
FEWEST_ALIKE: Final = 10

# Accounts that a pair may register with KPU in each app.
MOST_REGISTERED: Final = 20

# Above this many nodes a view stops being readable before it stops being fast.
VIEW_NODES: Final = 2_000
# A notebook keeps every output in its own file and loads all of them at once.
NOTEBOOK_BYTES: Final = 8_000_000
