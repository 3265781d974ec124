"""Reading queries: the guard that every text passes, and the named queries in files."""
