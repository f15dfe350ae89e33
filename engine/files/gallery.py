"""The examples in the order in which they are offered, with a sentence for each: what one sees there, what to try.

A new example is a session file in resources/examples and a line here; its title stands in its file.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Group(NamedTuple):
    """Examples under one heading: their names, each with its sentence."""

    title: str
    sentences: Mapping[str, str]


GALLERY = (
    Group(
        "Worked examples from the documents",
        {
            "seed-003": "The best one to begin with: step to the end of iteration 1 and meet every figure that the "
            "document prints, slips included.",
            "seed-000": "The same shape with cross-entropy: watch the slope of the sigmoid cancel, so that delta is "
            "just prediction minus target.",
            "seed-001-neuron": "One weight and one bias, so the whole chain rule fits on a line: step by factor and "
            "follow the product.",
            "seed-001-batch": "Three samples, one update: watch three gradients being added and divided by three, "
            "then remove a row.",
            "hmkcode": "Nothing but products and sums: one update takes the prediction from 0.191 to 0.26, on its "
            "way to the target 1.",
            "house-prices": "Three houses and a line through the origin: change the weight 0.18 by hand and see how "
            "far the error 2,058 can fall.",
        },
    ),
    Group(
        "Networks that learn",
        {
            "xor": "Four points that no straight line can part: run 300 iterations and see each prediction end on "
            "its own side of a half.",
            "spiral": "Two classes wound around each other: run 300 iterations, then compare the loss with that of "
            "the points held back.",
            "iris": "Three kinds of flowers in batches of 30, with 30 more held back: run on until the test loss falls "
            "no longer.",
            "sine": "Eight neurons bend a straight line into a wave: run 300 iterations and see which weights grow.",
        },
    ),
    Group(
        "One valley, seven optimizers",
        {
            "valley-gradient-descent": "One rate for both weights is soon done across the valley and crawls along it: "
            "raise the rate above 1 and it leaps out.",
            "valley-momentum": "Every step carries some of the one before, so it sways across the valley and gains "
            "speed along it.",
            "valley-nesterov": "Momentum that looks a step ahead, so it turns back sooner: compare its loss with "
            "that of momentum.",
            "valley-adagrad": "Each weight is scaled by all its gradients so far, so both arrive together, in steps "
            "that become shorter and shorter.",
            "valley-rmsprop": "Like adagrad with a memory that fades: on the log scale its loss falls ever faster, "
            "that of adagrad in a straight line.",
            "valley-adam": "Momentum and scale at once: it sets out on the diagonal, whatever the slope, and swings "
            "past the middle.",
            "valley-adamw": "Adam that also draws every weight towards 0 by itself: compare its last losses with those "
            "of adam.",
        },
    ),
)  # fmt: skip
