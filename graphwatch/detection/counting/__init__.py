"""Who was together: pairs of accounts within a window of each other, here, out of memory, and on Spark."""
