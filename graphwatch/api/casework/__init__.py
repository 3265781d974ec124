"""The daily work of an office: complaints, watchlist and leads, and what is new."""
