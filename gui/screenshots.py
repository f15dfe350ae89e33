"""Makes the pictures of the README from the real window: python -m gui.screenshots FOLDER."""

import os
import sys
from pathlib import Path

from engine.files.examples import open_session

PICTURES = {
    "forward-dark": ("seed-003", 1, 1, "dark", ""),
    "backward-light": ("seed-003", 1, 20, "light", ""),
    "update-light": ("seed-003", 1, 32, "light", ""),
    "backward-dark": ("seed-003", 1, 20, "dark", ""),
    "function-light": ("seed-003", 1, 2, "light", "function"),
    "prediction-dark": ("spiral", 300, 34, "dark", "prediction"),
}
"""File name: example, iteration, operation, theme, the panel on top at the right if not that of the parameters."""
SIZE = (1440, 900)


def main(folder: Path) -> None:
    """Write all PICTURES into a folder."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from gui.app import make_application
    from gui.controller import Controller
    from gui.main_window import MainWindow
    from gui.theme import THEMES, palette_of

    application = make_application()
    folder.mkdir(parents=True, exist_ok=True)
    for name, (example, iteration, operation, theme, panel) in PICTURES.items():
        application.setPalette(palette_of(THEMES[theme]))
        controller = Controller(open_session(example))
        window = MainWindow(controller)
        window.resize(*SIZE)
        window.show()
        for dock in window.docks:
            if dock.objectName() == panel:
                dock.show()
                dock.raise_()
        controller.seek(iteration, operation)
        while controller.frame.cursor[:2] != (iteration, operation):  # far away it goes in slices
            application.processEvents()
        application.processEvents()
        window.grab().save(str(folder / f"{name}.png"))
        window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
