"""The tables of two other tools, in their own quantities, for comparison with work done in them."""
