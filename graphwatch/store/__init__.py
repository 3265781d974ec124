"""Where the graph is kept: one seam, and behind it an engine for each kind of place."""
