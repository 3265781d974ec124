"""The network page: from a network to one HTML file that opens offline."""
