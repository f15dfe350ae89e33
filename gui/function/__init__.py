"""The activation function of one neuron: its curve, its slope, this neuron's point, and a calculator."""
