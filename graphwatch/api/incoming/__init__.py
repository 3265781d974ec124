"""What comes in: files read and checked, persons at the door, complaints linked, one Source a batch."""
