"""Loading: files read and checked, persons held back at the door, complaints linked, one Source a batch."""
