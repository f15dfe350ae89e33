"""An equation as a picture to paste into a document: dark on white, sharp at three times the size."""

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QColor, QImage, QPainter

from gui.brush import Brush
from gui.equation.block import TOP
from gui.equation.painting import Painting
from gui.equation.setting import SIDE, Setting
from gui.theme import LIGHT

SCALE, MARGIN = 3, 12


def picture_of(setting: Setting, as_matrix: bool) -> QImage:
    """The equation or its matrix form without heading and sentence."""
    is_form = as_matrix and bool(setting.form.lines)
    size = setting.form.size if is_form else QSizeF(setting.right - SIDE, setting.block.bottom - TOP)
    size = size + QSizeF(2 * MARGIN, 2 * MARGIN)
    image = QImage((size * SCALE).toSize(), QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.surface))
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(SCALE, SCALE)
        painter.translate(MARGIN - SIDE, MARGIN - TOP)
        Painting(setting, Brush(painter, LIGHT), size.height()).paint_alone(as_matrix)
    return image
