"""A plain session as a mapping and as bytes, and changes to it."""

import json
from collections.abc import Callable
from typing import Any

from engine.files.session_file import from_mapping
from engine.session import Session

Change = Callable[[dict[str, Any]], object]


def plain_mapping() -> dict[str, Any]:
    """A complete session: two inputs, a hidden layer of three, one output, three samples."""
    return {
        "format": "chainstep-session",
        "version": 1,
        "network": {
            "inputs": 2,
            "layers": [
                {"neurons": 3, "activation": "sigmoid"},
                {"neurons": 1, "activation": "sigmoid", "bias": "shared"},
            ],
        },
        "initial": {
            "kind": "values",
            "weights": [[[0.1, 0.2], [0.3, 0.4], [0.5, 0.6]], [[0.7, 0.8, 0.9]]],
            "biases": [[0.1, 0.2, 0.3], [0.4]],
        },
        "loss": "half_squared_error",
        "optimizer": {"name": "gradient_descent", "learning_rate": 0.5},
        "data": {"kind": "values", "inputs": [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], "targets": [[0.1], [0.2], [0.3]]},
    }


def session_with(**fields: Any) -> Session:
    return from_mapping(plain_mapping() | fields)


def with_value(*path: Any) -> Change:
    """A change that sets the last of `path` at the keys before it."""
    *keys, last, value = path

    def change(mapping: dict[str, Any]) -> None:
        inner: Any = mapping
        for key in keys:
            inner = inner[key]
        inner[last] = value

    return change


def without(*path: Any) -> Change:
    *keys, last = path

    def change(mapping: dict[str, Any]) -> None:
        inner: Any = mapping
        for key in keys:
            inner = inner[key]
        del inner[last]

    return change


def written(*changes: Change) -> bytes:
    mapping = plain_mapping()
    for change in changes:
        change(mapping)
    return json.dumps(mapping).encode()


def replaced(old: bytes, new: bytes) -> bytes:
    """The plain session as text with one piece of it exchanged."""
    assert written().count(old) == 1
    return written().replace(old, new)


def edit(**fields: Any) -> Change:
    return with_value("edits", [{"kind": "parameter", "iteration": 1, "quantity": "w[1,1,1]", "value": 1.0} | fields])


def optimizer(name: str, **hyperparameters: Any) -> Change:
    return with_value("optimizer", {"name": name, "learning_rate": 0.1, **hyperparameters})


def figure(**fields: Any) -> Change:
    return with_value("published", [{"iteration": 1, "sample": 1, "quantity": "z[1,1]", "value": "0.5"} | fields])
