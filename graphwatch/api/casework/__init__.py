"""The daily work of an office: its calendar, complaints, watchlist and leads, and what is new."""
