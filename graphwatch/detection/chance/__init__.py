"""What chance explains: habits of time, opportunities, clocks, crowds and lags, and many tests at once."""
