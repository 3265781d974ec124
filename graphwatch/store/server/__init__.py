"""A store on a Neo4j server, whose own durability is the record."""
