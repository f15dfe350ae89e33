"""The canvas as a file: an SVG whose words are outlines, so that it looks the same without our fonts, or a PNG."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QGlyphRun, QImage, QImageWriter, QPainter, QPainterPath

from engine.files.writing import write_bytes
from gui.canvas.view import Canvas

LEAST_SCALE, RESOLUTION = 2.0, 96
"""Pixels of a PNG for one of the canvas, and pixels of the canvas to an inch of an SVG."""


class OutliningPainter(QPainter):
    """Draws words as outlines."""

    def drawText(self, at: QPointF | QRectF, *words: object) -> None:  # type: ignore[override]
        """At the left end of the baseline, or in the middle of a rectangle: what the canvas draws words with."""
        text = str(words[-1])
        path = QPainterPath()
        path.addText(at if isinstance(at, QPointF) else self._beginning(at, text), self.font(), text)
        self.fillPath(path, self.pen().color())

    def drawGlyphRun(self, at: QPointF, run: QGlyphRun) -> None:  # type: ignore[override]
        """A formula's letters."""
        path, font = QPainterPath(), run.rawFont()
        for glyph, place in zip(run.glyphIndexes(), run.positions(), strict=True):
            path.addPath(font.pathForGlyph(glyph).translated(at + place))
        path.setFillRule(Qt.FillRule.WindingFill)
        self.fillPath(path, self.pen().color())

    def _beginning(self, rect: QRectF, text: str) -> QPointF:
        metrics = QFontMetricsF(self.font())
        x = rect.center().x() - metrics.horizontalAdvance(text) / 2
        return QPointF(x, rect.center().y() + (metrics.ascent() - metrics.descent()) / 2)


def png_of(canvas: Canvas) -> bytes:
    """What the canvas shows, at twice its size or more."""
    scale = max(LEAST_SCALE, canvas.devicePixelRatioF())
    image = QImage(canvas.size() * scale, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(scale)
    with QPainter(image) as painter:
        canvas.paint_on(painter)
    return _written(lambda buffer: QImageWriter(buffer, b"PNG").write(image))


def svg_of(canvas: Canvas) -> bytes:
    """What the canvas shows, as lines, shapes and outlines of words; its title and description say what that is."""
    from PySide6.QtSvg import QSvgGenerator  # loaded only where it is wanted: the window starts without it

    def draw(buffer: QBuffer) -> None:
        generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # smaller versions cannot clip
        generator.setOutputDevice(buffer)
        generator.setSize(canvas.size())
        generator.setViewBox(canvas.rect())
        generator.setResolution(RESOLUTION)
        generator.setTitle(canvas.accessibleName())
        generator.setDescription(canvas.accessibleDescription())
        with OutliningPainter(generator) as painter:
            canvas.paint_on(painter)

    return _written(draw)


def _written(write: Callable[[QBuffer], object]) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    write(buffer)
    return bytes(buffer.data().data())


def write_picture(canvas: Canvas, path: Path) -> None:
    """Write what the canvas shows in the format that the path's suffix names; KeyError for any other suffix, OSError
    where the file cannot be written, which then is as it was."""
    write_bytes(path, [FORMATS[path.suffix.lower()](canvas)])


FORMATS: Mapping[str, Callable[[Canvas], bytes]] = {".svg": svg_of, ".png": png_of}
