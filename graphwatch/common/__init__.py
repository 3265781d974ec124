"""What every room may use: clock, whole files, locks, texts in two languages, text made safe, compiled kernels."""
