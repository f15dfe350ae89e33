"""What the network answers for any input: computed at the cursor's parameters, drawn as a surface or a curve."""
