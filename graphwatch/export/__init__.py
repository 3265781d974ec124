"""Files that are handed on: the network page, GEXF and CSV."""

from graphwatch.export.gexf import write_gexf
from graphwatch.export.page import write_html
from graphwatch.export.tables import write_csv

__all__ = ["write_csv", "write_gexf", "write_html"]
