"""The daily work of an office: complaints, watchlist, leads and decisions, coverage, and what is new."""
