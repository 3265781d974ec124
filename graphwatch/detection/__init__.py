"""Which accounts acted together beyond chance: counting, tests, clusters, and what a run found."""
