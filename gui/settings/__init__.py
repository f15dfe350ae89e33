"""Settings: which rows of controls there are is a function of the frame; one widget shows any of them."""
