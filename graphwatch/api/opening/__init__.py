"""Opening: what may be named in what is handed on, on whose answer, and the record of it."""
