"""Quantities watched over the iterations: their curves, the list of them, and how a row is drawn."""
