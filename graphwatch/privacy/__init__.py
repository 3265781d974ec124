"""Protection of persons: what may leave the analyst's screen, what is erased, and the record of both."""
