"""Session files with something wrong in them: one sentence with place and cause, and exit status 2."""

import time
from pathlib import Path

import pytest

from engine import Stepper, open_session
from engine.commands import main
from engine.files.session_file import from_mapping, to_text
from tests.engine.session_texts import (
    edit,
    figure,
    optimizer,
    plain_mapping,
    replaced,
    session_with,
    with_value,
    without,
    written,
)

DIGITS = b"1" + b"0" * 4300

BAD: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "line 1: the file is empty"),
    "blank": (b" \n\t", "line 1: the file is empty"),
    "cut short": (written()[:-7], "line 1, column"),
    "no JSON at all": (b"x,y\n1,2\n", "line 1, column 1: not JSON"),
    "a list": (b"[]", "file: a session is a JSON object"),
    "100,000 brackets": (b"[" * 100_000, "file: brackets are nested too deeply"),
    "100,000 objects": (b'{"a":' * 100_000, "file: brackets are nested too deeply"),
    "600 brackets in a field": (replaced(b'"chainstep-session"', b"[" * 600 + b"]" * 600), "nested too deeply"),
    "NaN": (replaced(b"0.7", b"NaN"), "file: NaN is no number in JSON"),
    "Infinity": (replaced(b"0.7", b"-Infinity"), "file: -Infinity is no number in JSON"),
    "1e400": (replaced(b"0.7", b"1e400"), "file: the number 1e400 is too large"),
    "an integer of 4,301 digits": (replaced(b"0.7", DIGITS), "has 4301 digits"),
    "a key twice": (replaced(b'"version": 1', b'"version": 1, "version": 1'), "key 'version': stands twice"),
    "a key twice deep inside": (replaced(b'"inputs": 2', b'"inputs": 2, "inputs": 3'), "key 'inputs': stands twice"),
    "UTF-16": (written().decode().encode("utf-16"), "byte 1: this is UTF-16"),
    "UTF-16 without mark": (written().decode().encode("utf-16-le"), "line 1, column 2: not JSON"),
    "Latin-1": (replaced(b'"version"', b'"title": "\xe9", "version"'), "this is not UTF-8"),
    "a lone surrogate": (replaced(b'"version"', b'"title": "\\ud83d", "version"'), "title: the text holds half a"),
    "a lone surrogate in a list": (written(with_value("frozen", ["w[1]\udc00"])), "frozen: the text holds half a"),
    "a lone surrogate in a key": (replaced(b'"version"', b'"\\udfff": 1, "version"'), "file: the text holds half a"),
    "another format": (written(with_value("format", "x")), "format: 'chainstep-session' expected, 'x' found"),
    "no format": (written(without("format")), "format: 'chainstep-session' expected, nothing found"),
    "a newer version": (written(with_value("version", 2)), "version: 1 expected, 2 found; it was written by a newer"),
    "version true": (written(with_value("version", True)), "version: 1 expected, true found"),
    "a missing field": (written(without("loss")), "file: the field 'loss' is missing"),
    "a missing field in a layer": (written(without("network", "layers", 1, "neurons")), "layer 2: the field 'neurons'"),
    "no learning rate": (written(without("optimizer", "learning_rate")), "optimizer: the field 'learning_rate' is"),
    "no kind": (written(without("initial", "kind")), "initial: the field 'kind' is missing"),
    "an unknown field": (written(with_value("titel", "")), "'titel' is not known (did you mean 'title'?)"),
    "an unknown field in a layer": (
        written(with_value("network", "layers", 0, "neuron", 1)), "layer 1: the field 'neuron' is not known",
    ),
    "true for a number": (written(with_value("optimizer", "learning_rate", True)), "learning_rate: a number expected"),
    "true for a weight": (written(with_value("initial", "weights", 1, 0, 2, True)), "w[2,1,3]: a number expected"),
    "text for a number": (written(with_value("network", "layers", 1, "neurons", "3")), "layer 2: neurons: a whole"),
    "text for an input": (written(with_value("data", "inputs", 1, 0, "3")), "data: x[1] of sample 2: a number"),
    "text for a target": (written(with_value("data", "targets", 2, 0, "3")), "data: y[1] of sample 3: a number"),
    "text for a rate": (written(with_value("optimizer", "learning_rate", "3")), "learning_rate: a number expected"),
    "a list for the network": (written(with_value("network", [])), "network: an object in braces expected, a list"),
    "a number for a layer": (written(with_value("network", "layers", 1, 3)), "layer 2: an object in braces expected"),
    "null for a bias": (written(with_value("initial", "biases", 0, 1, None)), "layer 1: bias 2: a number expected"),
    "a billion neurons": (
        written(with_value("network", "layers", 0, "neurons", 10**9)), "layer 1: neurons: 1 to 1024 expected",
    ),
    "no neurons": (written(with_value("network", "layers", 0, "neurons", 0)), "layer 1: neurons: 1 to 1024 expected"),
    "negative neurons": (written(with_value("network", "layers", 0, "neurons", -3)), "layer 1: neurons: 1 to 1024"),
    "half a neuron": (written(with_value("network", "layers", 0, "neurons", 2.5)), "layer 1: neurons: a whole number"),
    "a billion inputs": (written(with_value("network", "inputs", 10**9)), "network: inputs: 1 to 1024 expected"),
    "33 layers": (
        written(with_value("network", "layers", [{"neurons": 1, "activation": "tanh"}] * 33)),
        "network: number of layers: 1 to 32 expected, 33 found",
    ),
    "no layers": (written(with_value("network", "layers", [])), "network: number of layers: 1 to 32 expected"),
    "a matrix of the wrong shape": (
        written(with_value("initial", "weights", 1, [[1, 2, 3, 4]])), "layer 2: weights: 1 x 3 expected, 1 x 4 found",
    ),
    "a ragged matrix": (
        written(with_value("initial", "weights", 0, 1, [1])), "layer 1: weights: 3 x 2 expected, 3 x 1 or 2 found",
    ),
    "too few biases": (written(with_value("initial", "biases", 0, [1, 2])), "layer 1: biases: 3 expected, 2 found"),
    "a ragged row of data": (
        written(with_value("data", "inputs", 2, [1])), "data: inputs of sample 3: 2 numbers expected, 1 found",
    ),
    "a missing target row": (written(without("data", "targets", 0)), "3 and 2 found"),
    "no data": (written(with_value("data", {"kind": "values", "inputs": [], "targets": []})), "data: "),
    "an unknown activation": (
        written(with_value("network", "layers", 0, "activation", "sigmoidd")),
        "layer 1: activation: 'sigmoidd' is not known (did you mean 'sigmoid'?); known are",
    ),
    "an activation without name": (
        written(with_value("network", "layers", 1, "activation", {"slope": 1})), "layer 2: activation: a name expected",
    ),
    "an unknown constant": (
        written(with_value("network", "layers", 1, "activation", {"name": "tanh", "slope": 1})),
        "layer 2: tanh: 'slope' is not known; known are none",
    ),
    "text for a constant": (
        written(with_value("network", "layers", 1, "activation", {"name": "tanh", "slope": "1"})),
        "layer 2: tanh: slope: a number expected, '1' found",
    ),
    "an unknown loss": (written(with_value("loss", "squared")), "loss: 'squared' is not known"),
    "an unknown optimizer": (written(with_value("optimizer", "name", "adan")), "did you mean 'adam'?"),
    "an unknown hyperparameter": (written(with_value("optimizer", "beta", 1)), "gradient_descent: 'beta' is not known"),
    "an unknown bias": (written(with_value("network", "layers", 0, "bias", "none!")), "layer 1: bias: 'none!' is not"),
    "an unknown notation": (written(with_value("notation", "roman")), "notation: 'roman' is not known"),
    "an unknown kind": (written(with_value("data", "kind", "xls")), "data: kind: 'xls' is not known; known are values"),
    "an unpaired loss": (
        written(with_value("loss", "cross_entropy")), "loss: cross_entropy follows softmax only, but layer 2 is",
    ),
    "a learning rate of 0": (written(with_value("optimizer", "learning_rate", 0)), "learning_rate: a number above 0"),
    "a batch of 0": (written(with_value("batch", {"size": 0})), "batch: size: 1 to 3 expected, 0 found"),
    "a batch larger than the data": (written(with_value("batch", {"size": 4})), "batch: size: 1 to 3 expected"),
    "a batch in words": (written(with_value("batch", {"size": "al"})), "batch: size: 'al' is not known; a whole"),
    "a seed of 2^32": (written(with_value("seed", 2**32)), "seed: 0 to 4294967295 expected"),
    "a seed of half": (written(with_value("seed", 0.5)), "seed: a whole number expected, a number found"),
    "frozen, but not there": (written(with_value("frozen", ["w[9]"])), "frozen: the network has no parameter w[9]"),
    "an edit of nothing": (written(edit(quantity="w[9,1,1]")), "edit 1: the network has no parameter w[9,1,1]"),
    "an edit of a delta": (written(edit(quantity="dL/dz[1,1]")), "edit 1: the network has no parameter dL/dz[1,1]"),
    "an edit at iteration 0": (written(edit(iteration=0)), "edit 1: iteration: 1 to"),
    "an edit of no known kind": (written(edit(kind="wish")), "edit 1: kind: 'wish' is not known; known are parameter"),
    "an edit of no quantity": (written(edit(quantity="w(1,1,1)")), "edit 1: 'w(1,1,1)' is no quantity"),
    "a cursor before the start": (written(with_value("cursor", {"iteration": 0})), "cursor: iteration: 1 to"),
    "a cursor beyond the end": (
        written(with_value("cursor", {"iteration": 1, "operation": 10**6})), "cursor: operation: 0 to",
    ),
    "a factor beyond the end": (
        written(with_value("cursor", {"iteration": 1, "operation": 3, "factor": 99})), "cursor: operation 4 has",
    ),
    "a published figure in words": (written(figure(value="nan")), "published 1: value: a decimal number as text"),
    "a published figure of nothing": (written(figure(quantity="zz[1,1]")), "published 1: 'zz[1,1]' is no quantity"),
    "a published figure of sample 0": (written(figure(sample=0)), "published 1: sample: 1 to"),
    "an unknown scheme": (
        written(with_value("initial", {"kind": "scheme", "scheme": "xavier"})),
        "initial: scheme: 'xavier' is not known (did you mean 'xavier_normal'?); known are zeros, uniform,",
    ),
    "a scheme almost known": (
        written(with_value("initial", {"kind": "scheme", "scheme": "he_unifrom"})), "did you mean 'he_uniform'?",
    ),
    "a scheme's seed below 0": (
        written(with_value("initial", {"kind": "scheme", "scheme": "zeros", "seed": -1})),
        "initial: seed: 0 to 4294967295 expected, -1 found",
    ),
    "a scheme's seed in words": (
        written(with_value("initial", {"kind": "scheme", "scheme": "zeros", "seed": "x"})), "initial: seed: ",
    ),
    "a scheme with weights": (
        written(with_value("initial", {"kind": "scheme", "scheme": "zeros", "weights": []})),
        "initial: the field 'weights' is not known",
    ),
    "an initial kind of nothing": (
        written(with_value("initial", "kind", "drawn")), "initial: kind: 'drawn' is not known; known are values,",
    ),
    "too few slopes": (written(with_value("initial", "slopes", [None])), "initial slopes: 2 layers expected, 1 found"),
    "a slope for sigmoid": (
        written(with_value("initial", "slopes", [None, 0.1])), "layer 2: slope: sigmoid has no trained slope; null",
    ),
    "text for a slope": (written(with_value("initial", "slopes", [None, "0.1"])), "layer 2: slope: "),
    "a negative l1": (
        written(with_value("penalty", {"l1": -0.1})), "penalty: l1: a number from 0 expected, -0.1 found",
    ),
    "a negative l2": (written(with_value("penalty", {"l2": -1})), "penalty: l2: a number from 0 expected, -1.0 found"),
    "text for l2": (written(with_value("penalty", {"l2": "1"})), "penalty: l2: a number expected, text found"),
    "an unknown penalty": (written(with_value("penalty", {"l3": 1})), "penalty: the field 'l3' is not known"),
    "a test_fraction of 1": (
        written(with_value("data", "test_fraction", 1)),
        "data: test_fraction: a number from 0 to below 1 expected, 1.0 found",
    ),
    "a negative test_fraction": (written(with_value("data", "test_fraction", -0.5)), "data: test_fraction: a number"),
    "text for test_fraction": (written(with_value("data", "test_fraction", "half")), "data: test_fraction: a number"),
    "a batch larger than what is trained on": (
        written(with_value("data", "test_fraction", 0.4), with_value("batch", {"size": 3})),
        "batch: size: 1 to 2 expected, 3 found",
    ),
    "a shuffle in words": (written(with_value("batch", {"shuffle": "yes"})), "batch: shuffle: true or false expected"),
    "momentum 1": (
        written(optimizer("momentum", momentum=1)),
        "optimizer: momentum: a number from 0 to below 1 expected, 1.0 found",
    ),
    "a negative momentum": (written(optimizer("nesterov", momentum=-0.1)), "optimizer: momentum: a number from 0"),
    "a decay of 1": (written(optimizer("rmsprop", decay=1)), "optimizer: decay: a number from 0 to below 1"),
    "a negative eps": (written(optimizer("adagrad", eps=-1e-9)), "optimizer: eps: a number from 0 expected"),
    "beta1 1": (written(optimizer("adam", beta1=1.0)), "optimizer: beta1: a number from 0 to below 1 expected, 1.0"),
    "beta2 2": (written(optimizer("adam", beta2=2)), "optimizer: beta2: a number from 0 to below 1 expected, 2.0"),
    "a negative weight_decay": (
        written(optimizer("adamw", weight_decay=-0.01)), "optimizer: weight_decay: a number from 0 expected, -0.01",
    ),
    "a weight_decay for adam": (
        written(optimizer("adam", weight_decay=0.1)), "optimizer adam: 'weight_decay' is not known; known are beta1,",
    ),
    "true for beta1": (written(optimizer("adam", beta1=True)), "optimizer: beta1: a number expected, true found"),
    "a slope for elu": (
        written(with_value("network", "layers", 0, "activation", {"name": "elu", "slope": 1})),
        "layer 1: elu: 'slope' is not known; known are alpha",
    ),
    "a delta for huber": (written(with_value("loss", {"name": "huber", "delta": 2})), "loss: text expected"),
    "a frozen slope of sigmoid": (
        written(with_value("frozen", ["slope[1]"])), "frozen: the network has no parameter slope[1]",
    ),
    "an edit of a slope of sigmoid": (
        written(edit(quantity="slope[2]")), "edit 1: the network has no parameter slope[2]",
    ),
    "binary cross-entropy after tanh": (
        written(with_value("loss", "binary_cross_entropy"), with_value("network", "layers", 1, "activation", "tanh")),
        "loss: binary_cross_entropy follows sigmoid only, but layer 2 is tanh",
    ),
    "a target of 2 with binary cross-entropy": (
        written(with_value("loss", "binary_cross_entropy"), with_value("data", "targets", 1, 0, 2)),
        "data: y[1] of sample 2: binary_cross_entropy needs targets from 0 to 1, 2.0 found",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_gets_one_sentence(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content, sentence = BAD[name]
    path = tmp_path / "bad.chainstep.json"
    path.write_bytes(content)
    in_hand = Stepper(open_session("seed-003"))
    in_hand.run(2)
    before = to_text(in_hand.session), in_hand.losses().tobytes(), in_hand.parameters()
    began = time.perf_counter()
    assert main(["check", str(path)]) == 2
    assert time.perf_counter() - began < 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"chainstep: {path}: ")
    assert err.count("\n") == 1
    assert sentence in err
    assert (to_text(in_hand.session), in_hand.losses().tobytes(), in_hand.parameters()) == before


def test_what_may_be_left_out_may_stand_there_unused() -> None:
    mapping = plain_mapping() | {"penalty": {"l1": 0.0, "l2": 0}, "batch": {"size": "all", "shuffle": False}}
    mapping["data"]["test_fraction"] = 0
    assert from_mapping(mapping) == session_with()
