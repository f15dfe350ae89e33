"""The equation: what stands in it, its matrix form, its painting, and the widget."""
