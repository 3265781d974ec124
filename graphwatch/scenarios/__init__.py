"""Synthetic elections with planted clusters, for the demo, tests and benchmarks. Everyone in them is invented."""

from graphwatch.scenarios.pilkada import Scenario, pilkada

__all__ = ["Scenario", "pilkada"]
