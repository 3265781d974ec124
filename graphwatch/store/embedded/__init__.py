"""The embedded store: a folder with a journal, which is the record, and a graph file made from it."""
