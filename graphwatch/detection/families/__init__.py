"""Other families of evidence: texts, links, likes without a time, and who agrees on them beyond chance."""
