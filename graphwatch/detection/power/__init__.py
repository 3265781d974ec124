"""What could have been found: synthetic groups planted into a copy of the acts."""
