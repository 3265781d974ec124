"""Protection of persons: what is stored about somebody, forgetting it and proving that, retention, and who looked."""
