"""The curves of the loss: thinned to what a picture shows, and drawn by the plotting library."""
