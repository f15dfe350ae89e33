"""Every sentence and number a person reads."""

from gui.text.changes import *
from gui.text.checks import *
from gui.text.entries import *
from gui.text.failures import *
from gui.text.fixed import *
from gui.text.frames import *
from gui.text.functions import *
from gui.text.listing import *
from gui.text.numbers import *
from gui.text.paths import *
from gui.text.predictions import *
from gui.text.runs import *
from gui.text.settings import *
from gui.text.stops import *
from gui.text.watching import *
