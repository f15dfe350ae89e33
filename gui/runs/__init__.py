"""Runs that were left: what of them is kept, how they are listed, and how two are compared."""
