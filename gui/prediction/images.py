"""Values over a plane as an image, as lines at one level, and as regions of the largest."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF
from PySide6.QtGui import QImage

from engine.activations import Array
from gui.axes import Axes, Span
from gui.theme import Theme

FINER = 4
"""Regions of the largest output are drawn on a grid so many times finer."""


def field_image(values: Array, limits: Span, theme: Theme) -> QImage:
    """Values (rows, columns), y upwards, in the colours of the ramp; what is not a number has the surface's colour."""
    shares = (values - limits.low) / (limits.width or 1.0)
    places = np.clip(np.nan_to_num(shares, nan=0.5, posinf=1.0, neginf=0.0) * 255.0, 0.0, 255.0)
    return _indexed(places.round().astype(np.uint8), list(theme.field_table))


def regions_image(grid: Array, theme: Theme) -> QImage:
    """Where which of the outputs (outputs, rows, columns) is the largest, y upwards, each in its class's colour."""
    finer = [_finer(values) for values in grid]
    largest = np.argmax(finer, axis=0).astype(np.uint8)
    return _indexed(largest, [theme.class_field(k).rgb() for k in range(len(grid))])


def _indexed(places: NDArray[np.uint8], colors: list[int]) -> QImage:
    """An image from places in a table of colours; the first row lies at the bottom."""
    rows, columns = places.shape
    padded = np.zeros((rows, -(-columns // 4) * 4), np.uint8)
    padded[:, :columns] = places[::-1]
    image = QImage(padded.tobytes(), columns, rows, padded.shape[1], QImage.Format.Format_Indexed8).copy()
    image.setColorTable(colors)
    return image.convertToFormat(QImage.Format.Format_RGB32)


def _finer(values: Array) -> Array:
    """The values between, linear along both sides."""
    rows, columns = (_between(size) for size in values.shape)
    return np.asarray(rows @ np.nan_to_num(values) @ columns.T)


def _between(size: int) -> Array:
    """The matrix (FINER size, size) that interpolates linearly between neighbours."""
    at = np.linspace(0, size - 1, FINER * size)
    below = np.minimum(at.astype(int), size - 2) if size > 1 else np.zeros(len(at), int)
    matrix = np.zeros((len(at), size))
    matrix[np.arange(len(at)), below] = 1 - (at - below)
    matrix[np.arange(len(at)), np.minimum(below + 1, size - 1)] += at - below
    return matrix


def contour(values: Array, level: float, axes: Axes) -> list[QLineF]:
    """The lines along which values (rows, columns) over the plane of `axes` have a level: in each cell of the grid one
    or two straight pieces between the places on its edges where the level is passed (marching squares). Larger values
    lie on the left of each."""
    rows, columns = values.shape
    over = values >= level
    mixed = np.argwhere((_corners(over).min(axis=0) != _corners(over).max(axis=0)) & ~_broken(values))
    dx, dy = axes.x.width / (columns - 1), axes.y.width / (rows - 1)
    lines = []
    for row, column in mixed.tolist():
        found = [
            axes.point(axes.x.low + (column + right) * dx, axes.y.low + (row + up) * dy)
            for right, up in _crossings(values[row : row + 2, column : column + 2], level)
        ]
        if not over[row, column]:  # the corner that is on the left of the pieces as they are found
            found.reverse()
        lines += [QLineF(*found[i : i + 2]) for i in range(0, len(found) - 1, 2)]
    return lines


def teeth(border: Iterable[QLineF], apart: float, length: float) -> list[QLineF]:
    """Short lines that stand on the left of a border, at least so far apart."""
    found: list[QLineF] = []
    for piece in border:
        foot = piece.center()
        if piece.length() and all(QLineF(foot, other.p1()).length() >= apart for other in found):
            tooth = piece.normalVector()
            tooth.setLength(length)
            found.append(tooth.translated(foot - piece.p1()))
    return found


def middle_of(region: NDArray[np.bool_]) -> tuple[int, int] | None:
    """The row and column deepest within a region: what is left last where its edge is taken off again and again."""
    inner, depths = region, region
    while inner.any():
        around, depths = np.pad(inner, 1), inner
        inner = inner & around[:-2, 1:-1] & around[2:, 1:-1] & around[1:-1, :-2] & around[1:-1, 2:]
    places = np.argwhere(depths)
    if not len(places):
        return None
    row, column = places[len(places) // 2].tolist()
    return row, column


def _corners(values: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The four corners of every cell (4, rows - 1, columns - 1)."""
    return np.array([values[:-1, :-1], values[:-1, 1:], values[1:, :-1], values[1:, 1:]])


def _broken(values: Array) -> NDArray[np.bool_]:
    """The cells that have a corner without a finite value."""
    return np.asarray(_corners(~np.isfinite(values)).any(axis=0))


def _crossings(cell: Array, level: float) -> list[tuple[float, float]]:
    """Where the level is passed on the four edges of a cell, as (right, up) from 0 to 1, going around it."""
    (a, b), (d, c) = (cell - level).tolist()
    edges = ((a, b, 0, 0, 1, 0), (b, c, 1, 0, 0, 1), (c, d, 1, 1, -1, 0), (d, a, 0, 1, 0, -1))
    return [
        (x + dx * p / (p - q), y + dy * p / (p - q)) for p, q, x, y, dx, dy in edges if (p >= 0) != (q >= 0)
    ]
