"""A process of its own for a run: reads orders from stdin and writes passages to stdout, until stdin ends.

    python -m engine.runner

Orders are pickled one after the other; an answer has its length before it, in eight bytes. The first answer is empty
and says that the process is there.
"""

import os
import pickle
import signal
import sys
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import BinaryIO

from engine.running import Departure, Order, Passage, Report, Runner

LENGTH = 8


def framed(answer: Passage | None) -> bytes:
    """An answer as it is written."""
    content = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
    return len(content).to_bytes(LENGTH, "little") + content


def serve(orders: "SimpleQueue[Order | None]", answer: Callable[[Passage], object]) -> None:
    """Follow orders until None comes. A run goes on between them."""
    runner: Runner | None = None
    while True:
        while runner and not runner.is_over and orders.empty():
            runner.go_on()
        match orders.get():
            case None:
                return
            case Departure() as departure:
                runner = Runner(departure)
            case Report(stride) if runner:
                answer(runner.passage(stride))
            case _:
                runner = None


def _read(stream: BinaryIO, orders: "SimpleQueue[Order | None]") -> None:
    try:
        while True:
            orders.put(pickle.load(stream))
    except EOFError:
        orders.put(None)


def main() -> None:
    """Serve the process that has begun this one; when that ends, this one does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the other one's, which then ends this one
    out, orders = sys.stdout.buffer, SimpleQueue[Order | None]()

    def answer(passage: Passage | None) -> None:
        out.write(framed(passage))
        out.flush()

    Thread(target=_read, args=(sys.stdin.buffer, orders), daemon=True).start()
    try:
        answer(None)
        serve(orders, answer)
    except BrokenPipeError:
        os._exit(0)  # nobody reads what is left to be written, and the thread waits for orders as long as it may


if __name__ == "__main__":
    main()
