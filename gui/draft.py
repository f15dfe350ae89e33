"""A network that is being entered: numbers stay where they are while its shape changes, new places get easy ones."""

from dataclasses import dataclass, field

from engine.activations import ACTIVATIONS
from engine.losses import LOSSES
from engine.network import Initial, Layer, Network
from engine.session import Session
from engine.spec import Data, OptimizerChoice, Spec

Rows = list[list[float]]


@dataclass
class DraftLayer:
    """One layer of the draft; its matrix has a row a neuron and a column a source, its biases are one a neuron."""

    neurons: int = 2
    activation: str = "sigmoid"
    bias: str = "per_neuron"
    weights: Rows = field(default_factory=list)
    biases: list[float] = field(default_factory=list)
    constants: dict[str, float] = field(default_factory=dict)

    @property
    def layer(self) -> Layer:
        """The layer without its numbers; constants that are as by default are not written down."""
        defaults = ACTIVATIONS[self.activation].constants
        constants = {name: value for name, value in self.constants.items() if value != defaults.get(name)}
        return Layer(self.neurons, self.activation, self.bias, constants)

    @property
    def bias_count(self) -> int:
        return self.layer.bias_count

    @property
    def all_constants(self) -> dict[str, float]:
        """Every constant of the activation; of a trained one the value it begins with."""
        return self.layer.all_constants


@dataclass
class Draft:
    """What File > New is about to make: two inputs, a hidden layer of two, one output to begin with."""

    title: str = ""
    inputs: int = 2
    layers: list[DraftLayer] = field(default_factory=lambda: [DraftLayer(2), DraftLayer(1)])
    loss: str = "half_squared_error"
    optimizer: str = "gradient_descent"
    learning_rate: float = 0.5
    notation: str = "sequential"
    samples: Rows = field(default_factory=lambda: [[]])
    _first_target: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._first_target = self.inputs
        self.fit()

    @property
    def sizes(self) -> list[int]:
        """Neurons of the layers 0 to L."""
        return [self.inputs, *(layer.neurons for layer in self.layers)]

    def allowed_losses(self) -> list[str]:
        """The losses that may follow the output's activation."""
        output = self.layers[-1].activation
        return [name for name, loss in LOSSES.items() if loss.after in (None, output)]

    def fit(self) -> None:
        """Bring weights, biases, data and loss to the present shape; numbers that have a place keep it."""
        for layer, sources in zip(self.layers, self.sizes, strict=False):
            layer.weights = _fitted(layer.weights, layer.neurons, sources)
            layer.biases = _fitted([layer.biases], 1, layer.bias_count)[0]
        self._fit_samples()
        if self.loss not in self.allowed_losses():
            allowed = self.allowed_losses()
            self.loss = next((name for name in allowed if LOSSES[name].after), allowed[0])

    def _fit_samples(self) -> None:
        """The inputs and the targets of a row each keep their places, however many of the others there are."""
        height, split = max(len(self.samples), 1), self._first_target
        inputs = _fitted([row[:split] for row in self.samples], height, self.inputs)
        targets = _fitted([row[split:] for row in self.samples], height, self.sizes[-1], self.inputs)
        self.samples = [x + y for x, y in zip(inputs, targets, strict=True)]
        self._first_target = self.inputs

    def session(self) -> Session:
        """The session that the draft describes; SpecError says what does not fit."""
        layers = tuple(layer.layer for layer in self.layers)
        weights = tuple(tuple(map(tuple, layer.weights)) for layer in self.layers)
        biases = tuple(tuple(layer.biases) for layer in self.layers)
        data = Data(
            tuple(tuple(row[: self.inputs]) for row in self.samples),
            tuple(tuple(row[self.inputs :]) for row in self.samples),
        )
        choice = OptimizerChoice(self.optimizer, self.learning_rate)
        network = Network(self.inputs, layers)
        spec = Spec(network, Initial(weights, biases), self.loss, choice, data)
        return Session(spec, title=self.title, notation=self.notation)


def _fitted(rows: Rows, height: int, width: int, first: int = 0) -> Rows:
    """Rows cut or filled to a shape; what is new counts up in tenths, so that no two neurons begin alike."""
    return [
        [rows[i][j] if i < len(rows) and j < len(rows[i]) else _easy(first + i * width + j) for j in range(width)]
        for i in range(height)
    ]


def _easy(place: int) -> float:
    """0.1, 0.2 ... 0.9, and again."""
    return (place % 9 + 1) / 10
