"""The command `bordersim`."""
