"""What of a query the embedded engine is asked, and what graphwatch computes from the rows that it finds.

The engine is sent only what it is known to answer as a Neo4j server does: patterns, comparisons of values of one
type, sums and counts. The rest is computed by `graphwatch.queries.computing`, or refused with a remedy.
"""
