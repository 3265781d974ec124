"""What a reviewer is told about a lead, read from the graph."""
