"""The rights of persons: unmasking and who answers for it, what is stored about somebody, erasure and its proof."""
