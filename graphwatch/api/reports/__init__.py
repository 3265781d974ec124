"""Reports: documents that are handed on and printed."""
