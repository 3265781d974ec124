"""The election calendar, and the provisions whose reach depends on it."""
