"""Who belongs together: seeds, clusters, their bursts, and on whose posts they act."""
