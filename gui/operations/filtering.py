"""A filter of operations as it is typed: words such as backward, layer 2, neuron 1, sample 3, and text in names."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple
from unicodedata import normalize

import numpy as np

from engine.expressions import plain
from engine.frame import Frame
from engine.program import PHASES, Program
from engine.quantities import Quantity
from gui import text
from gui.operations.rows import Numbers

NUMBERED = re.compile(r"\b(layer|neuron|sample) *([1-9][0-9]{0,8})\b")
FEWEST_LETTERS = 3
"""Shorter words are looked for in names only: every other kind of operation is that of a neuron."""


class Entry(NamedTuple):
    """What an operation can be found by; it is the same for every sample. names: the symbol and the name of what it
    writes; kind: what it does."""

    phase: str
    layer: int | None
    neuron: int | None
    names: str
    kind: str


class Filter(NamedTuple):
    """Empty sets let everything through; each of the words must be found."""

    phases: frozenset[str] = frozenset()
    layers: frozenset[int] = frozenset()
    neurons: frozenset[int] = frozenset()
    samples: frozenset[int] = frozenset()
    words: tuple[str, ...] = ()

    def places(self, known: Sequence[Entry]) -> list[int]:
        """The places of the entries that are let through, whatever the sample; each criterion narrows what the last has
        left, as a function called for every entry would take twice as long."""
        left = list(range(len(known)))
        if self.phases:
            left = [place for place in left if known[place].phase in self.phases]
        if self.layers:
            left = [place for place in left if known[place].layer in self.layers]
        if self.neurons:
            left = [place for place in left if known[place].neuron in self.neurons]
        for word in self.words:
            search, kinds = _pattern(word), _kinds(word)
            left = [place for place in left if known[place].kind in kinds or search(known[place].names)]
        return left


def parse(typed: str) -> Filter:
    """What was typed; whatever is no word of the filter is text to look for."""
    words = typed.casefold()
    numbers: dict[str, set[int]] = {"layer": set(), "neuron": set(), "sample": set()}
    for word, number in NUMBERED.findall(words):
        numbers[word].add(int(number))
    rest = NUMBERED.sub(" ", words).split()
    layers, neurons, samples = map(frozenset, numbers.values())
    searched = tuple(_plainest(word) for word in rest if word not in PHASES)
    return Filter(frozenset(word for word in rest if word in PHASES), layers, neurons, samples, searched)


def _plainest(name: str) -> str:
    """The same letters in one form, with or without an underscore and a curly d."""
    return normalize("NFC", name).casefold().replace("∂", "d").replace("_", "").replace(" ", "")


def _pattern(word: str) -> Callable[[str], object]:
    """Finds a word; a number in it only whole, so that w5 is not w50."""
    before, behind = (r"(?<![0-9])" if word[0].isdigit() else ""), (r"(?![0-9])" if word[-1].isdigit() else "")
    return re.compile(before + re.escape(word) + behind).search


def _kinds(word: str) -> frozenset[str]:
    """The kinds of operations that are described with a word."""
    if len(word) < FEWEST_LETTERS:
        return frozenset()
    return frozenset(kind for kind, words in text.WHAT.items() if word in words.casefold())


def entries(frame: Frame) -> Iterator[Entry]:
    """Those of a program's operations, of each section for its first sample only, in the session's symbols."""
    program, start = frame.program, 0
    for section in program.sections:
        for k in range(start, start + section.length):
            here = program.locate(k)
            quantity = program.quantity(here)
            names = f"{_plainest(plain(frame.narrator.symbol(quantity)))} {_plainest(str(quantity))}"
            yield Entry(section.phase, here.block.layer, neuron_of(quantity), names, here.kind)
        start += section.count


def neuron_of(quantity: Quantity) -> int | None:
    """The neuron that a quantity belongs to, within its layer; None for a shared bias, a slope and losses."""
    indices = (quantity.parameter or quantity).indices
    return indices[1] if len(indices) > 1 else None


def matching(program: Program, rows: Sequence[int], known: Sequence[Entry], wanted: Filter) -> Numbers:
    """The operations, from 0, that a filter lets through, of those whose entries are known. rows: the batch's samples
    as rows of the data, from 0."""
    places, found, start, read = np.array(wanted.places(known), dtype=np.int64), [], 0, 0
    for section in program.sections:
        within = places[(places >= read) & (places < read + section.length)] - read
        samples = [row + 1 for row in rows] if section.of_samples else [None]
        repeats = [s for s, sample in enumerate(samples) if not wanted.samples or sample in wanted.samples]
        found.append((start + np.array(repeats, dtype=np.int64)[:, None] * section.length + within).ravel())
        start, read = start + section.count, read + section.length
    return np.concatenate(found)
