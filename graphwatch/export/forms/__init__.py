"""Networks in forms that other programs read: GEXF, GraphML, JSON, CSV and Parquet."""
