"""The window of Chainstep: draws frames of the engine and hands back what the user wants."""
