"""Where things stand in a drawing of the network, and what belongs to a cluster."""
