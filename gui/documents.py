"""Sessions as documents: new, open, recent, save, export; nothing that is not saved is left without asking."""

import re
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QDialog, QFileDialog, QMenu, QMessageBox, QWidget

from gui import text
from gui.canvas.export import FORMATS, write_picture
from gui.canvas.view import Canvas
from gui.controller import Controller
from gui.export import ExportDialog, export
from gui.gallery import Gallery
from gui.new_session import NewSession

MOST_RECENT = 8


class Documents:
    """Asks for files on behalf of a window. `settings` keep which were used last."""

    def __init__(self, controller: Controller, settings: QSettings | None, window: QWidget) -> None:
        self._controller, self._settings, self._window = controller, settings, window
        kept = settings.value("recent", []) if settings is not None else []
        self.recent: list[str] = [kept] if isinstance(kept, str) else list(kept) if isinstance(kept, list) else []
        controller.session_changed.connect(lambda _: self._remember())
        self._remember()

    def new(self) -> None:
        """Enter a network of one's own and begin with it; what becomes of the session in hand is asked before."""
        if not self.may_leave():
            return
        dialog = NewSession(self._controller.preview, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._controller.begin(dialog.session())
        dialog.deleteLater()

    def new_from_example(self) -> None:
        """Choose an example by its picture and open it."""
        dialog = Gallery(self._controller.preview, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.open(dialog.chosen)
        dialog.deleteLater()

    def ask_and_open(self) -> None:
        """Ask for a session file and open it."""
        path, _ = QFileDialog.getOpenFileName(self._window, text.OPEN_TITLE, self._folder(), text.SESSION_FILTER)
        if path:
            self.open(path)

    def open(self, source: str) -> None:
        """Open a file or an example; a file that cannot be opened is recent no more."""
        if self.may_leave() and not self._controller.open(source) and source in self.recent:
            self.recent.remove(source)
            self._keep()

    def save(self) -> bool:
        """Save to the session's file; ask for one where it has none."""
        return self._controller.save(self._controller.path) if self._controller.path else self.save_as()

    def save_as(self) -> bool:
        """Ask for a file and save to it; False where that was not done."""
        path = self._ask_where(text.SAVE_TITLE, self._proposed(), text.SESSION_FILTER, text.SESSION_SUFFIX)
        return path is not None and self._controller.save(path)

    def export(self) -> None:
        """Ask what to export and where to, and do it."""
        self._controller.pause()
        session = self._controller.frame.session
        dialog = ExportDialog(session.cursor.iteration, self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            path = self._ask_where(text.EXPORT_TITLE, "", text.CSV_FILTER, ".csv")
            if path is not None:
                self._controller.say(export(session, dialog, path, self._window))
        dialog.deleteLater()

    def export_picture(self, canvas: Canvas) -> None:
        """Ask where to, and write there what the canvas shows."""
        self._controller.pause()
        path = self._ask_where(text.PICTURE_TITLE, "", text.PICTURE_FILTER, ".svg")
        if path is not None:
            self._controller.say(_picture_written(canvas, path))

    def _ask_where(self, title: str, start: str, kinds: str, suffix: str) -> Path | None:
        """Ask for a file to write; None where there is to be none. A name without a suffix gets that of the kind
        chosen, or `suffix`. The dialog asks before it replaces what was typed, but knows nothing of a suffix that is
        added."""
        typed, kind = QFileDialog.getSaveFileName(self._window, title, start, kinds)
        path = _named(typed, _suffix_of(kind) or suffix)
        if not typed or (path != Path(typed) and path.exists() and not self._may_replace(path)):
            return None
        return path

    def _may_replace(self, path: Path) -> bool:
        button, words = QMessageBox.StandardButton, text.may_replace(path.name)
        answer = QMessageBox.question(self._window, text.LEAVE_TITLE, words, button.Yes | button.No, button.No)
        return answer == button.Yes

    def may_leave(self) -> bool:
        """Whether the session in hand may go: saved, unchanged, or given up by the user."""
        self._controller.pause()
        if not self._controller.is_changed:
            return True
        button = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window, text.LEAVE_TITLE, text.LEAVE, button.Save | button.Discard | button.Cancel, button.Save
        )
        return self.save() if answer == button.Save else answer == button.Discard

    def menus(self) -> list[QMenu]:
        """Open recent, which looks up what there is when it is opened."""
        recent = QMenu(text.OPEN_RECENT, self._window)
        recent.aboutToShow.connect(lambda: self._list_recent(recent))
        return [recent]

    def _list_recent(self, menu: QMenu) -> None:
        menu.clear()
        for path in self.recent:
            menu.addAction(path.replace("&", "&&")).triggered.connect(lambda _=False, path=path: self.open(path))
        if not self.recent:
            menu.addAction(text.NO_RECENT).setEnabled(False)

    def _remember(self) -> None:
        """The session's file is the one used last."""
        if self._controller.path is None:
            return
        path = str(self._controller.path.resolve())
        self.recent = [path, *(other for other in self.recent if other != path)][:MOST_RECENT]
        self._keep()

    def _keep(self) -> None:
        if self._settings is not None:
            self._settings.setValue("recent", self.recent)

    def _proposed(self) -> str:
        """The session's own file, or the name of its example."""
        return self._folder() or f"{Path(self._controller.source).stem or text.SESSION}{text.SESSION_SUFFIX}"

    def _folder(self) -> str:
        return str(self._controller.path or "")


def _named(path: str, suffix: str) -> Path:
    """A path as it was typed, with the suffix where it has none."""
    return Path(path if Path(path).suffix else path + suffix)


def _suffix_of(kind: str) -> str:
    """.csv of a kind of files such as CSV files (*.csv); empty where it is not one suffix."""
    found = re.search(r"\(\*(\.[\w.]+)\)$", kind)
    return found[1] if found else ""


def _picture_written(canvas: Canvas, path: Path) -> str:
    """Write what the canvas shows; returns the sentence to show."""
    if path.suffix.lower() not in FORMATS:
        return text.no_picture(path.name)
    try:
        write_picture(canvas, path)
    except OSError as error:
        return text.not_exported(error.strerror or error)
    return text.exported(path)
