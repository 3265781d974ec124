"""Networks: made of a run or an answer, cut to a part, exported and shown."""
