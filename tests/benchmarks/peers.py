"""The same training iteration as others write it: micrograd, PyTorch, and numpy as one writes it by hand.

Each takes a session of sigmoid layers with half the squared error and gradient descent, and gives a function that does
one iteration and returns its loss. PyTorch and micrograd are no dependencies of the project.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from math import exp
from typing import Any

import numpy as np

Iterate = Callable[[], float]


def numpy_loop(session: dict[str, Any]) -> Iterate:
    """Samples in rows, a list of weights and one of biases."""
    weights = [np.array(W).T for W in session["initial"]["weights"]]
    biases = [np.array(b) for b in session["initial"]["biases"]]
    X, Y = np.array(session["data"]["inputs"]), np.array(session["data"]["targets"])
    rate, samples = session["optimizer"]["learning_rate"], len(X)

    def iterate() -> float:
        activations = [X]
        for W, b in zip(weights, biases, strict=True):
            activations.append(1 / (1 + np.exp(-(activations[-1] @ W + b))))
        error = activations[-1] - Y
        loss = 0.5 * np.sum(error**2) / samples
        upstream = error / samples
        for l in reversed(range(len(weights))):
            a = activations[l + 1]
            delta = upstream * a * (1 - a)
            upstream = delta @ weights[l].T
            weights[l] -= rate * activations[l].T @ delta
            biases[l] -= rate * delta.sum(axis=0)
        return float(loss)

    return iterate


def torch_loop(session: dict[str, Any]) -> Iterate:
    """Eager, on one thread: nn.Sequential, autograd and optim.SGD."""
    torch: Any = import_module("torch")
    torch.set_num_threads(1)
    layers: list[Any] = []
    for W, b in zip(session["initial"]["weights"], session["initial"]["biases"], strict=True):
        layer = torch.nn.Linear(len(W[0]), len(W), dtype=torch.float64)
        layer.weight.data, layer.bias.data = (torch.tensor(values, dtype=torch.float64) for values in (W, b))
        layers += [layer, torch.nn.Sigmoid()]
    network = torch.nn.Sequential(*layers)
    X, Y = (torch.tensor(session["data"][name], dtype=torch.float64) for name in ("inputs", "targets"))
    optimizer = torch.optim.SGD(network.parameters(), lr=session["optimizer"]["learning_rate"])

    def iterate() -> float:
        optimizer.zero_grad()
        loss = 0.5 * ((network(X) - Y) ** 2).sum() / len(X)
        loss.backward()
        optimizer.step()
        return float(loss.item())

    return iterate


def micrograd_loop(session: dict[str, Any]) -> Iterate:
    """Its MLP, whose neurons are kept linear, with a sigmoid, which it has not, after each layer."""
    Value, nn = import_module("micrograd.engine").Value, import_module("micrograd.nn")
    sys.setrecursionlimit(100_000)  # it walks its graph by recursion

    def sigmoid(z: Any) -> Any:
        a = Value(1 / (1 + exp(-z.data)), (z,), "sigmoid")

        def backward() -> None:
            z.grad += a.data * (1 - a.data) * a.grad

        a._backward = backward
        return a

    layers = []
    for W, b in zip(session["initial"]["weights"], session["initial"]["biases"], strict=True):
        layer = nn.Layer(len(W[0]), len(W), nonlin=False)
        for neuron, row, bias in zip(layer.neurons, W, b, strict=True):
            neuron.w, neuron.b = [Value(w) for w in row], Value(bias)
        layers.append(layer)
    parameters = [p for layer in layers for p in layer.parameters()]
    rows = list(zip(session["data"]["inputs"], session["data"]["targets"], strict=True))
    rate = session["optimizer"]["learning_rate"]

    def iterate() -> float:
        total = Value(0.0)
        for x, y in rows:
            a = x
            for layer in layers:
                a = [sigmoid(neuron(a)) for neuron in layer.neurons]
            total += sum((0.5 * (ak - yk) ** 2 for ak, yk in zip(a, y, strict=True)), Value(0.0))
        loss = total * (1 / len(rows))
        for p in parameters:
            p.grad = 0
        loss.backward()
        for p in parameters:
            p.data -= rate * p.grad
        return float(loss.data)

    return iterate
