"""Every question that graphwatch itself asks of a graph, one module a subject."""
