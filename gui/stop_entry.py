"""Where a stop is typed: in names, or in the session's own symbols, with a decimal comma and sums if one likes."""

from unicodedata import normalize

from engine.expressions import plain
from engine.frame import Frame
from engine.quantities import Quantity, parse
from engine.stops import NOT_FINITE, Stop, check_stop
from engine.stops import parse as parse_stop
from gui import text
from gui.entries import parse_number

MOST_SYMBOLS = 5000
"""In a network with more quantities of a sample, only names are understood, so that typing stays quick."""


class StopReader:
    """Reads stops for one frame's network and notation."""

    def __init__(self) -> None:
        self._read_for: object = None
        self._symbols: dict[str, Quantity] = {}

    def read(self, typed: str, frame: Frame) -> Stop:
        """The stop that was typed; ValueError with the reason if it is none, or the network cannot reach it."""
        stop = parse_stop(typed, lambda name: self._quantity(name, frame), parse_number)
        if stop == NOT_FINITE:
            raise ValueError(text.NOT_FINITE_ANYWAY)
        check_stop(stop, frame.program)
        return stop

    def name(self, quantity: Quantity, frame: Frame) -> str:
        """How a quantity is typed: its symbol, if that is understood, or else its name."""
        symbol = _plain(plain(frame.narrator.symbol(quantity)))
        return symbol if self._known(frame).get(symbol) == quantity else str(quantity)

    def _quantity(self, name: str, frame: Frame) -> Quantity:
        return self._known(frame).get(_plain(name)) or parse(name)

    def _known(self, frame: Frame) -> dict[str, Quantity]:
        """The symbols of all quantities that operations on a first sample, or on none, write."""
        program = frame.program
        if self._read_for != (program, frame.session.notation):
            self._read_for = program, frame.session.notation
            count = sum(section.length for section in program.sections)
            self._symbols = _symbols(frame) if count <= MOST_SYMBOLS else {}
        return self._symbols


def _symbols(frame: Frame) -> dict[str, Quantity]:
    program, symbols, start = frame.program, {}, 0
    for section in program.sections:
        for k in range(start, start + section.length):
            quantity = program.quantity(program.locate(k))
            symbols[_plain(plain(frame.narrator.symbol(quantity)))] = quantity
        start += section.count
    return symbols


def _plain(name: str) -> str:
    """The same letters in one form, with or without an underscore and a curly d."""
    return normalize("NFC", name).replace("∂", "d").replace("_", "").replace(" ", "")
