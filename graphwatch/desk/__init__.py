"""The desk: the store in a browser, for people who work with forms and tables and not with a terminal."""
