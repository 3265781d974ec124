"""Files that are handed on: the network page, and networks and tables for other programs."""
