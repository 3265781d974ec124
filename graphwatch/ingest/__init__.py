"""Loading: files read and checked, persons held back by a PII filter, complaints linked, one Source a batch."""
