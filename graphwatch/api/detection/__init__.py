"""Detection: what a search for coordination is asked, what it finds, and what that rests on."""
