"""Coverage: how much could be seen at all."""
