"""Tracing: how two nodes are linked, and what is near one."""
