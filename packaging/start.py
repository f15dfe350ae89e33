"""Where the bundle begins: gui.__main__, imported as a module of its package."""

import sys

from gui.__main__ import main

sys.exit(main())
