"""The text of formulas and the symbols of each notation; expectations by hand from the format of version 1 ("Text of
formulas", "Symbols, by the session's notation")."""

import re
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Stepper, open_session
from engine.expressions import (
    Application,
    Expression,
    Fraction,
    Matrix,
    Number,
    Power,
    Product,
    Sum,
    Symbol,
    latex,
    negative,
    plain,
)
from engine.operations import Operation
from engine.quantities import parse
from tests.engine.evaluation import FUNCTIONS, evaluate
from tests.engine.networks import SessionMapping, complete_session, random_initial, random_session
from tests.engine.textbook_order import operations

x, y, z = (Symbol(letter) for letter in "xyz")


def network(sizes: list[int], **fields: Any) -> SessionMapping:
    """A sigmoid network of these sizes with a bias a neuron, one sample; `fields` over it, `bias` for all layers."""
    kind = fields.pop("bias", "per_neuron")
    layers = [{"neurons": n, "activation": fields.pop("activation", "sigmoid"), "bias": kind} for n in sizes[1:]]
    given_fields = {
        "initial": random_initial(Random(0), sizes[0], layers),
        "loss": "half_squared_error",
        "optimizer": {"name": "gradient_descent", "learning_rate": 0.5},
        "data": {"kind": "values", "inputs": [[0.5] * sizes[0]], "targets": [[0.25] * sizes[-1]]},
    }
    return complete_session(sizes[0], layers, **given_fields | fields)


def operation(session: SessionMapping, name: str, sample: int | None = 1) -> Operation:
    """The operation of iteration 1 that writes a quantity."""
    frame = Stepper(open_session(session)).frame
    k = frame.program.writer(parse(name), None if sample is None else sample - 1)
    assert k is not None
    return frame.narrator.describe(k)


def written(session: SessionMapping, name: str, sample: int | None = 1) -> str:
    """An operation as symbol = formula."""
    found = operation(session, name, sample)
    return f"{plain(found.symbol)} = {plain(found.formula)}"


SEQUENTIAL = {  # 2-2-1, shared biases: document 003
    "z[1,1]": "z_h1 = w1·x1 + w2·x2 + b1",
    "z[1,2]": "z_h2 = w3·x1 + w4·x2 + b1",
    "a[1,1]": "a_h1 = sigmoid(z_h1)",
    "z[2,1]": "z_out = w5·a_h1 + w6·a_h2 + b2",
    "a[2,1]": "ŷ = sigmoid(z_out)",
    "dL/da[2,1]": "dL/dŷ = ŷ - y",
    "da/dz[2,1]": "dŷ/dz_out = ŷ·(1 - ŷ)",
    "dL/dz[2,1]": "δ_out = dL/dŷ·dŷ/dz_out",
    "dL/dw[2,1,2]": "dL/dw6 = δ_out·a_h2",
    "dL/db[2]": "dL/db2 = δ_out·1",
    "dL/da[1,2]": "dL/da_h2 = δ_out·w6",
    "da/dz[1,2]": "da_h2/dz_h2 = a_h2·(1 - a_h2)",
    "dL/dz[1,2]": "δ_h2 = dL/da_h2·da_h2/dz_h2",
    "dL/dw[1,2,1]": "dL/dw3 = δ_h2·x1",
    "dL/db[1]": "dL/db1 = δ_h1·1 + δ_h2·1",
    "w[1,2,1]": "w3 = w3 - η·dL/dw3",
    "w[2,1,1]": "w5 = w5 - η·dL/dw5",
    "b[1]": "b1 = b1 - η·dL/db1",
}
INDEXED = {  # 2-2-1, a bias a neuron; indices count neurons through the network
    "z[1,2]": "z2 = w21·x1 + w22·x2 + b2",
    "a[1,2]": "a2 = sigmoid(z2)",
    "z[2,1]": "z3 = w31·a1 + w32·a2 + b3",
    "a[2,1]": "ŷ = sigmoid(z3)",
    "dL/dz[2,1]": "δ3 = dL/dŷ·dŷ/dz3",
    "dL/dw[2,1,1]": "dL/dw31 = δ3·a1",
    "dL/db[2,1]": "dL/db3 = δ3·1",
    "dL/da[1,1]": "dL/da1 = δ3·w31",
    "dL/dz[1,1]": "δ1 = dL/da1·da1/dz1",
    "w[1,1,2]": "w12 = w12 - η·dL/dw12",
    "b[1,2]": "b2 = b2 - η·dL/db2",
}
LAYERED = {  # 2-2-1, a bias a neuron
    "z[1,2]": "z^[1]_2 = w^[1]_21·x_1 + w^[1]_22·x_2 + b^[1]_2",
    "a[1,2]": "a^[1]_2 = sigmoid(z^[1]_2)",
    "z[2,1]": "z^[2]_1 = w^[2]_11·a^[1]_1 + w^[2]_12·a^[1]_2 + b^[2]_1",
    "a[2,1]": "ŷ_1 = sigmoid(z^[2]_1)",
    "dL/da[2,1]": "dL/dŷ_1 = ŷ_1 - y_1",
    "dL/dz[2,1]": "δ^[2]_1 = dL/dŷ_1·dŷ_1/dz^[2]_1",
    "dL/dw[2,1,2]": "dL/dw^[2]_12 = δ^[2]_1·a^[1]_2",
    "dL/dw[1,1,2]": "dL/dw^[1]_12 = δ^[1]_1·x_2",
    "dL/db[1,2]": "dL/db^[1]_2 = δ^[1]_2·1",
    "dL/da[1,2]": "dL/da^[1]_2 = δ^[2]_1·w^[2]_12",
    "w[2,1,1]": "w^[2]_11 = w^[2]_11 - η·dL/dw^[2]_11",
}
NOTATIONS = [
    ("sequential", "shared", SEQUENTIAL),
    ("indexed", "per_neuron", INDEXED),
    ("layered", "per_neuron", LAYERED),
]


@pytest.mark.parametrize(("notation", "bias", "expected"), NOTATIONS)
def test_two_two_one(notation: str, bias: str, expected: dict[str, str]) -> None:
    session = network([2, 2, 1], bias=bias, notation=notation)
    assert {name: written(session, name) for name in expected} == expected


SEVERAL = [
    # sizes, notation, name, text
    ([2, 2, 2], "sequential", "z[2,2]", "z_o2 = w7·a_h1 + w8·a_h2 + b4"),
    ([2, 2, 2], "sequential", "a[2,1]", "ŷ1 = sigmoid(z_o1)"),
    ([2, 2, 2], "sequential", "dL/da[2,2]", "dL/dŷ2 = ŷ2 - y2"),
    ([2, 2, 2], "sequential", "dL/da[1,2]", "dL/da_h2 = δ_o1·w6 + δ_o2·w8"),
    ([2, 2, 2], "indexed", "z[2,2]", "z4 = w41·a1 + w42·a2 + b4"),
    ([2, 2, 2], "indexed", "a[2,2]", "ŷ2 = sigmoid(z4)"),
    ([2, 2, 2], "indexed", "dL/da[1,2]", "dL/da2 = δ3·w32 + δ4·w42"),
    ([2, 2, 2], "layered", "a[2,2]", "ŷ_2 = sigmoid(z^[2]_2)"),
    ([2, 2, 2], "layered", "dL/da[1,2]", "dL/da^[1]_2 = δ^[2]_1·w^[2]_12 + δ^[2]_2·w^[2]_22"),
    ([2, 2, 3, 1], "sequential", "z[1,2]", "z_h1,2 = w3·x1 + w4·x2 + b2"),
    ([2, 2, 3, 1], "sequential", "z[2,3]", "z_h2,3 = w9·a_h1,1 + w10·a_h1,2 + b5"),
    ([2, 2, 3, 1], "sequential", "z[3,1]", "z_out = w11·a_h2,1 + w12·a_h2,2 + w13·a_h2,3 + b6"),
    ([2, 2, 3, 1], "sequential", "dL/dz[2,3]", "δ_h2,3 = dL/da_h2,3·da_h2,3/dz_h2,3"),
    ([2, 2, 3, 1], "indexed", "z[3,1]", "z6 = w61·a3 + w62·a4 + w63·a5 + b6"),
    ([2, 2, 3, 1], "indexed", "dL/dz[2,3]", "δ5 = dL/da5·da5/dz5"),
    ([1, 10, 1], "indexed", "z[1,9]", "z9 = w91·x1 + b9"),
    ([1, 10, 1], "indexed", "z[1,10]", "z10 = w10,1·x1 + b10"),
    ([1, 10, 1], "indexed", "dL/dw[2,1,10]", "dL/dw11,10 = δ11·a10"),
    ([1, 10, 1], "layered", "z[1,10]", "z^[1]_10 = w^[1]_10,1·x_1 + b^[1]_10"),
    ([1, 10, 1], "layered", "dL/dw[2,1,10]", "dL/dw^[2]_1,10 = δ^[2]_1·a^[1]_10"),
    ([1, 10, 1], "sequential", "dL/dw[2,1,10]", "dL/dw20 = δ_out·a_h10"),
    ([10, 1], "indexed", "dL/dw[1,1,10]", "dL/dw1,10 = δ1·x10"),
    ([10, 1], "sequential", "dL/dw[1,1,10]", "dL/dw10 = δ_out·x10"),
    ([1, 1], "sequential", "z[1,1]", "z_out = w1·x1 + b1"),
]


@pytest.mark.parametrize(("sizes", "notation", "name", "expected"), SEVERAL)
def test_several_outputs_layers_and_indices(sizes: list[int], notation: str, name: str, expected: str) -> None:
    assert written(network(sizes, notation=notation), name) == expected


def test_shared_biases_count_through_the_network() -> None:
    """One for a layer; where a layer has none the next goes on counting."""
    session = network([1, 2, 2, 1], bias="shared")
    names = ("z[1,2]", "z[2,1]", "z[3,1]")
    assert [written(session, name).rsplit(" + ", 1)[1] for name in names] == ["b1", "b2", "b3"]
    session["network"]["layers"][1]["bias"] = "none"
    session["initial"]["biases"][1] = []
    assert written(session, "z[2,1]") == "z_h2,1 = w3·a_h1,1 + w4·a_h1,2"
    assert written(session, "z[3,1]").endswith(" + b2")


def test_what_a_batch_writes() -> None:
    """Samples as ⟨1⟩ inside a sum over samples, and nowhere else; the batch's loss as L̄."""
    data = {"kind": "values", "inputs": [[0.1], [0.2]], "targets": [[0.3], [0.4]]}
    session = network([1, 1], data=data)
    third = r"1/(m|2)"
    assert re.fullmatch(rf"L̄ = {third}·L⟨1⟩ \+ {third}·L⟨2⟩", written(session, "batch_loss", None))
    gradient = written(session, "grad[w[1,1,1]]", None)
    assert re.fullmatch(rf"dL̄/dw1 = {third}·dL⟨1⟩/dw1 \+ {third}·dL⟨2⟩/dw1", gradient)
    assert written(session, "w[1,1,1]", None) == "w1 = w1 - η·dL̄/dw1"
    assert written(session, "dL/dw[1,1,1]", 2) == "dL/dw1 = δ_out·x1"
    assert written(session, "z[1,1]", 2) == "z_out = w1·x1 + b1"
    assert plain(operation(session, "batch_loss", None).substitution).startswith("0.5·")


def test_adams_stages() -> None:
    session = network([1, 1], optimizer={"name": "adam", "learning_rate": 0.5})
    names = {"m": "first_moment", "v": "second_moment", "m̂": "first_moment_hat", "v̂": "second_moment_hat"}
    m, v, m_hat, v_hat = (plain(operation(session, f"{name}[w[1,1,1]]").symbol) for name in names.values())
    for letter, symbol in zip(names, (m, v, m_hat, v_hat), strict=True):
        assert symbol.startswith(letter)
        assert symbol.endswith("w1")
    assert written(session, "first_moment[w[1,1,1]]") == f"{m} = β1·{m} + (1 - β1)·dL/dw1"
    assert written(session, "second_moment[w[1,1,1]]") == f"{v} = β2·{v} + (1 - β2)·dL/dw1·dL/dw1"
    assert written(session, "first_moment_hat[w[1,1,1]]") == f"{m_hat} = 1/(1 - β1^t)·{m}"
    assert written(session, "second_moment_hat[w[1,1,1]]") == f"{v_hat} = 1/(1 - β2^t)·{v}"
    assert written(session, "w[1,1,1]") == f"w1 = w1 - η·{m_hat}·1/(sqrt({v_hat}) + ε)"
    numbers = plain(operation(session, "first_moment[w[1,1,1]]").substitution)
    assert numbers.startswith("0.9·0.0 + 0.09999999999999998·")  # 1 - 0.9 in floats


def test_combined_deltas() -> None:
    """a - y, and a·sum(y) - y: the -1 before y is only a sign."""
    session = network([1, 1], loss="binary_cross_entropy")
    assert written(session, "dL/dz[1,1]") == "δ_out = ŷ - y"
    softmax = network([1, 2], loss="cross_entropy")
    softmax["network"]["layers"][0]["activation"] = "softmax"
    assert written(softmax, "dL/dz[1,2]") == "δ_o2 = ŷ2·(y1 + y2) - y2"
    softmax["loss"] = "half_squared_error"
    assert written(softmax, "dL/dz[1,1]") == "δ_o1 = dL/dŷ1·dŷ1/dz_o1 + dL/dŷ2·dŷ2/dz_o1"


def test_chains_in_symbols() -> None:
    """Three factors for w5, five for w1, and the 1 at the end of a bias's."""
    stepper = Stepper(open_session("seed-003"))
    found = {}
    for number in range(1, stepper.frame.program.count + 1):
        stepper.seek(1, number)
        if stepper.frame.chain:
            found[str(stepper.frame.chain.quantity)] = stepper.frame.chain
    assert plain(found["dL/dw[2,1,1]"].symbols) == "dL/dŷ·dŷ/dz_out·dz_out/dw5"
    assert plain(found["dL/dw[1,1,1]"].symbols) == "dL/dŷ·dŷ/dz_out·dz_out/da_h1·da_h1/dz_h1·dz_h1/dw1"
    assert plain(found["dL/db[2]"].symbols) == "dL/dŷ·dŷ/dz_out·dz_out/db2"
    assert plain(found["dL/db[2]"].numbers).endswith("·1")
    ways = [f"dL/dŷ·dŷ/dz_out·dz_out/da_h{j}·da_h{j}/dz_h{j}·dz_h{j}/db1" for j in (1, 2)]
    assert plain(found["dL/db[1]"].symbols) == " + ".join(ways)


def test_the_numbers_of_document_003() -> None:
    """The texts that formats.md gives as examples."""
    session = "seed-003"
    frame = Stepper(open_session(session)).frame
    first = frame.narrator.describe(0)
    assert plain(first.formula) == "w1·x1 + w2·x2 + b1"
    assert plain(first.substitution) == "0.15·0.05 + 0.2·0.1 + 0.35"
    k = frame.program.writer(parse("w[2,1,1]"), None)
    assert k is not None
    update = plain(frame.narrator.describe(k).substitution)
    assert update.startswith("0.4 - 0.5·")
    assert float(update.split("·")[1]) == pytest.approx(0.08216704056423078, rel=1e-14)


def test_negative_numbers_stand_in_parentheses_unless_they_open_the_text() -> None:
    session = network([2, 1])
    session["initial"] = {"kind": "values", "weights": [[[-0.25, -0.3]]], "biases": [[-0.4]]}
    session["data"] = {"kind": "values", "inputs": [[0.1, -0.5]], "targets": [[1.0]]}
    assert plain(operation(session, "z[1,1]").substitution) == "-0.25·0.1 + (-0.3)·(-0.5) + (-0.4)"
    update = plain(operation(session, "w[1,1,1]").substitution)  # the error is negative, and so is the gradient
    assert re.fullmatch(r"-0\.25 - 0\.5·\(-0\.\d+\)", update)
    assert re.fullmatch(r"0\.\d+ - 1\.0", plain(operation(session, "dL/da[1,1]").substitution))


@pytest.mark.parametrize(("inputs", "is_folded"), [(63, False), (64, True), (200, True)])
def test_a_long_sum_is_folded(inputs: int, is_folded: bool) -> None:
    """Past 64 terms the first 32, …, the last, and their count."""
    text = plain(operation(network([inputs, 1]), "z[1,1]").formula)
    terms = [*(f"w{i}·x{i}" for i in range(1, inputs + 1)), "b1"]
    if not is_folded:
        assert text == " + ".join(terms)
        return
    start = " + ".join([*terms[:32], "…", terms[-1]])
    assert text.startswith(start)
    assert re.findall(r"\d+", text.removeprefix(start)) == [str(inputs + 1)]


TEXTS: list[tuple[Expression, str]] = [
    (Sum((x, y)), "x + y"),
    (Sum((x, negative(y))), "x - y"),
    (Sum((x, negative(Number(2.0), y))), "x - 2.0·y"),
    (Sum((negative(x), y)), "-x + y"),
    (Sum((x, Product((Number(-2.0), y)))), "x + (-2.0)·y"),
    (Product((Number(-2.0), y)), "-2.0·y"),
    (Product((x, Number(-2.0))), "x·(-2.0)"),
    (Product((x, negative(y))), "x·(-y)"),
    (Product((Number(2.0), Sum((x, y)))), "2.0·(x + y)"),
    (Product((Sum((x, negative(y))), z)), "(x - y)·z"),
    (negative(Sum((x, y))), "-(x + y)"),
    (Sum((x, negative(Sum((y, z))))), "x - (y + z)"),
    (Fraction(Number(1), Sum((Number(1), negative(x)))), "1/(1 - x)"),
    (Fraction(x, Product((y, z))), "x/(y·z)"),
    (Power(Sum((x, y)), Number(2)), "(x + y)^2"),
    (Power(Product((x, y)), Number(2)), "(x·y)^2"),
    (Power(Number(-3.0), Number(2)), "(-3.0)^2"),
    (Power(Fraction(Number(-2.0), x), Number(2)), "(-2.0/x)^2"),
    (Power(Power(x, Number(2)), Number(3)), "(x^2)^3"),
    (Application("sigmoid", (x,)), "sigmoid(x)"),
    (Application("max", (x, y)), "max(x, y)"),
    (Application("abs", (x,)), "|x|"),
    (Number(0.1 + 0.2), "0.30000000000000004"),
    (Number(1e-20), "1e-20"),
    (Number(-0.5), "-0.5"),
    (Sum((Number(-0.5), Number(-0.5))), "-0.5 + (-0.5)"),
    (Symbol("w", "5", tight=True), "w5"),
    (Symbol("z", "h1"), "z_h1"),
    (Symbol("L", accent="bar"), "L̄"),
    (Symbol("w", "21", "[1]"), "w^[1]_21"),
    (Symbol("L", sample=3), "L⟨3⟩"),
    (Fraction(Symbol("L", differential=True), Symbol("w", "5", tight=True, differential=True)), "dL/dw5"),
]


@pytest.mark.parametrize(("tree", "expected"), TEXTS, ids=[text for _, text in TEXTS])
def test_plain_text(tree: Expression, expected: str) -> None:
    assert plain(tree) == expected


NUMBERS = st.sampled_from([0.5, 2.0, 3.0, -1.5, -2.0, 1.0, -1.0]).map(Number)
SYMBOLS = st.sampled_from([x, y, z])
VALUES = {"x": 1.75, "y": -0.625, "z": 2.5}
TREES: st.SearchStrategy[Expression] = st.recursive(
    NUMBERS | SYMBOLS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda items: Sum(tuple(items))),
        st.lists(inner, min_size=2, max_size=3).map(lambda items: Product(tuple(items))),
        st.lists(inner, min_size=1, max_size=2).map(lambda items: negative(*items)),
        st.builds(Fraction, inner, inner),
        st.builds(Power, inner, st.just(Number(2))),
        inner.map(lambda item: Application("tanh", (item,))),
    ),
    max_leaves=8,
)


def as_python(text: str) -> float:
    """Plain text read by Python's own rules of precedence."""
    code = re.sub(r"\|([^|]+)\|", r"abs(\1)", text).replace("·", "*").replace("^", "**")  # no |..| stands in another
    return float(eval(code, {"__builtins__": {}}, {**FUNCTIONS, **VALUES}))


@settings(max_examples=300)
@given(TREES)
def test_plain_text_means_what_the_tree_means(tree: Expression) -> None:
    """Parentheses stand wherever they are needed: read as a formula, the text has the tree's value."""
    try:
        expected = evaluate(tree, VALUES.__getitem__)
    except (ZeroDivisionError, OverflowError):
        return
    try:
        found = as_python(plain(tree))
    except (ZeroDivisionError, OverflowError):
        return
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-12 * expected.size + 1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_the_numbers_of_every_operation_read_as_a_formula(seed: int) -> None:
    """The substitution, read by Python, is the value that the operation stores."""
    session = random_session(Random(seed), layers=2)
    stepper = Stepper(open_session(session))
    for k in range(len(operations(session, 1))):
        found = stepper.frame.narrator.describe(k)
        value = as_python(plain(found.substitution))
        assert value == pytest.approx(found.value, rel=1e-9, abs=1e-12), plain(found.substitution)


LATEX: list[tuple[Expression, str]] = [
    (Product((x, y)), r"x \cdot y"),
    (Sum((x, negative(y))), "x - y"),
    (Sum((x, Product((Number(-2.0), y)))), r"x + (-2.0) \cdot y"),
    (Fraction(x, Sum((Number(1), y))), r"\frac{x}{1 + y}"),
    (Product((Number(2.0), Sum((x, y)))), r"2.0 \cdot \left(x + y\right)"),
    (Application("sqrt", (x,)), r"\sqrt{x}"),
    (Sum((x, negative(Sum((y, z))))), r"x - \left(y + z\right)"),
    (Power(Product((x, y)), Number(2)), r"{\left(x \cdot y\right)}^{2}"),
    (Power(Number(-3.0), Number(2)), "{(-3.0)}^{2}"),
    (Symbol("z", "h1"), "z_{h1}"),
    (Symbol("w", "5", tight=True), "w_{5}"),
    (Symbol("y", accent="hat"), r"\hat{y}"),
    (Symbol("L", accent="bar"), r"\bar{L}"),
    (Symbol("δ", "h1"), r"\delta_{h1}"),
    (Symbol("w", "21", "[1]"), "w_{21}^{[1]}"),
    (
        Fraction(Symbol("L", differential=True), Symbol("w", "5", tight=True, differential=True)),
        r"\frac{\partial L}{\partial w_{5}}",
    ),
    (Matrix(((x, y), (z, Number(1)))), r"\begin{bmatrix} x & y \\ z & 1 \end{bmatrix}"),
]


@pytest.mark.parametrize(("tree", "expected"), LATEX, ids=[text for _, text in LATEX])
def test_latex(tree: Expression, expected: str) -> None:
    assert latex(tree) == expected


@pytest.mark.parametrize("seed", range(12))
def test_latex_of_every_operation_is_well_formed(seed: int) -> None:
    """Braces and \\left..\\right in pairs, only ASCII but ⟨⟩'s commands, every command one of LaTeX's."""
    commands = {"frac", "cdot", "left", "right", "partial", "hat", "bar", "delta", "eta", "beta", "epsilon", "sigma"}
    commands |= {"tanh", "exp", "ln", "sqrt", "operatorname", "langle", "rangle", "mathrm", "dots", "text"}
    commands |= {"alpha", "lambda", "mu", "rho", "max", "min", "Phi", "varphi"}
    session = random_session(Random(seed), layers=2) | {"notation": ["sequential", "indexed", "layered"][seed % 3]}
    stepper = Stepper(open_session(session))
    for k in range(len(operations(session, 1))):
        found = stepper.frame.narrator.describe(k)
        for tree in (found.symbol, found.formula, found.substitution):
            text = latex(tree)
            assert text.isascii(), text
            assert text.count("{") == text.count("}"), text
            assert text.count(r"\left") == text.count(r"\right"), text
            assert set(re.findall(r"\\([a-zA-Z]+)", text)) <= commands, text


def test_a_number_that_is_minus_one_is_written_and_not_taken_for_a_sign() -> None:
    """With w1 = -1 the first z of document 003 begins with (-1) times x1, and not with minus x1."""
    stepper = Stepper(open_session("seed-003"))
    stepper.edit("w[1,1,1]", -1.0)
    stepper.seek(1, 1)
    operation = stepper.frame.operation
    assert operation is not None
    assert plain(operation.substitution) == "-1.0·0.05 + 0.2·0.1 + 0.35"
    assert latex(operation.substitution) == r"-1.0 \cdot 0.05 + 0.2 \cdot 0.1 + 0.35"
    assert plain(Sum((Number(2), Product((Number(-1.0), Symbol("x")))))) == "2 + (-1.0)·x"
    assert plain(Sum((Number(2), negative(Symbol("x"))))) == "2 - x"
