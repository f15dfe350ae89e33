"""The system libraries that Qt loads on Linux, and the Debian packages that bring them. It is asked where Qt cannot be
imported, so nothing of Qt is imported here.

python -m gui.system_packages prints the packages that this machine lacks.
"""

import ctypes
import os
import sys
from collections.abc import Mapping

QT = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
}
"""What any window needs, also one that nobody sees."""
X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
}
"""What a window on an X11 display needs besides; what these depend on themselves comes with them."""


def missing(libraries: Mapping[str, str]) -> list[str]:
    """The packages of those libraries that cannot be loaded; none on other systems, which bring their own."""
    if sys.platform != "linux":
        return []
    return [package for library, package in libraries.items() if not _loads(library)]


def needed() -> dict[str, str]:
    """The libraries that a window needs where this process would show it."""
    platform = os.environ.get("QT_QPA_PLATFORM", "")
    return QT | X11 if platform.startswith("xcb") or (not platform and "DISPLAY" in os.environ) else QT


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    print(*missing(needed()))
