"""What Cypher's expressions and clauses mean, computed by graphwatch itself, as a Neo4j server computes it.

An embedded engine finds patterns quickly and means other things by many expressions. What it would compute
otherwise is computed here, from the rows that it finds.
"""
