"""The network, drawn: geometry, what is lit, and the painting of both."""
