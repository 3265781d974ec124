"""What other tools would give for the same rows."""
