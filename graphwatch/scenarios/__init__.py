"""Synthetic elections with planted clusters, for the demo, tests and benchmarks. Everyone in them is invented."""
