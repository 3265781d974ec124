"""Which accounts acted together beyond chance: counting, tests, clusters, and what a run found.

`counting` finds who was together, `chance` what explains it, `groups` who belongs together, and `families` asks the
same of texts, links and likes without a time. `search` puts these together for one window, `run` for a whole
question, `detecting` reads the acts and writes what was found. `power` says what could have been found, `evidence` what
a reviewer is told, `peers` what other tools would give.
"""
