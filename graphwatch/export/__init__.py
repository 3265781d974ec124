"""Files that are handed on: the network page, and networks and tables for other programs."""

from graphwatch.export.gexf import write_gexf
from graphwatch.export.importing import write_gephi_csv, write_neo4j_csv, write_parquet
from graphwatch.export.interchange import write_cytoscape, write_graphml, write_json
from graphwatch.export.page import write_html
from graphwatch.export.rows import names_of
from graphwatch.export.tables import write_csv

__all__ = [
    "names_of",
    "write_csv",
    "write_cytoscape",
    "write_gephi_csv",
    "write_gexf",
    "write_graphml",
    "write_html",
    "write_json",
    "write_neo4j_csv",
    "write_parquet",
]
