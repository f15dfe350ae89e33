"""What is said of an activation function at work, and of the calculator."""

from collections.abc import Mapping

from gui.text.numbers import number, words

FUNCTION = "Function at work"
TANGENT = "tangent at this z"
NO_GRADIENT = "no gradient passes"
NOT_COMPUTED = "– not computed yet"
CALCULATOR, CALCULATOR_TIP = "Calculator", "Any function at any z; the session stays as it is"
CALCULATOR_FUNCTION, Z_TIP = "Function", "A number or an expression such as 1/3; of softmax several, with ; between"
JACOBIAN_ROW = "Row of the Jacobian: how this neuron’s activation moves with each pre-activation of its layer."
MORE_NEURONS = "{} more neurons"


def neuron_function(layer: int, neuron: int, name: str) -> tuple[str, str]:
    """Function and neuron, for a heading: sigmoid, neuron 1 of layer 1."""
    return words(name), f"neuron {neuron} of layer {layer}"


def constants(values: Mapping[str, float], digits: int = 5) -> str:
    """slope = 0.01."""
    return ", ".join(f"{name} = {number(value, digits)}" for name, value in values.items())


def not_computed(symbol: str) -> str:
    """Why there is no point on the curve."""
    return f"{symbol} is not computed yet in this iteration."


def flat(word: str, derivative: float) -> tuple[str, str]:
    """Saturated, dead or flat, and what that means."""
    passes = "no gradient passes" if derivative == 0 else "hardly any gradient passes"
    slope = "0" if derivative == 0 else "next to 0"
    return f"{word.capitalize()}.", f"The slope is {slope} here, so {passes} this neuron."


def flat_neuron(word: str) -> str:
    """The same of a neuron on the canvas."""
    named = word.capitalize()
    return f"{named}: the slope of its function is 0 or close to it for every sample, so no gradient passes."


def calculated(a: list[float], derivatives: list[float], is_elementwise: bool, digits: int = 5) -> str:
    """f(z) = 0.59327, f′(z) = 0.24130."""
    values, slopes = ("; ".join(number(value, digits) for value in row) for row in (a, derivatives))
    slope = "f′(z)" if is_elementwise else "∂aₖ/∂zₖ"
    return f"f(z) = {values}\n{slope} = {slopes}"
