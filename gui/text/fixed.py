"""Sentences that stand as they are."""

from collections.abc import Sequence

LONGEST_STATUS = 60
PHASES = {"forward": "Forward", "loss": "Loss", "backward": "Backward", "update": "Update"}
WHAT = {
    "pre_activation": "pre-activation of a neuron",
    "activation": "activation of a neuron",
    "sample_loss": "loss of the sample",
    "penalty": "penalty for large weights",
    "batch_loss": "loss of the batch",
    "loss_derivative": "derivative of the loss",
    "activation_gradient": "derivative by an activation",
    "activation_derivative": "slope of the activation function",
    "delta": "delta of a neuron",
    "weight_gradient": "gradient of a weight",
    "bias_gradient": "gradient of a bias",
    "slope_gradient": "gradient of a trained slope",
    "mean_gradient": "gradient of the batch",
    "velocity": "velocity",
    "square_sum": "sum of squared gradients",
    "square_average": "average of squared gradients",
    "first_moment": "first moment",
    "second_moment": "second moment",
    "first_moment_hat": "first moment, corrected",
    "second_moment_hat": "second moment, corrected",
    "parameter_update": "new value of a parameter",
}
RULES = {
    "pre_activation": ("Weighted sum", "Each input of the neuron times its weight, all added, plus the bias."),
    "activation": ("Activation", "The neuron's activation function, applied to its pre-activation."),
    "sample_loss": ("Loss", "How far the prediction is from the target, as one number."),
    "penalty": ("Penalty", "What large weights cost, so that training keeps them small."),
    "batch_loss": ("Mean", "The losses of the batch's samples, added and divided by their number."),
    "loss_derivative": ("Derivative", "How the loss moves with the prediction."),
    "activation_gradient": (
        "Chain rule",
        "It moves the loss through each neuron it feeds: for each, delta there times the weight between.",
    ),
    "activation_derivative": ("Derivative", "The slope of the activation function at this pre-activation."),
    "delta": ("Chain rule", "Derivative by the activation times the slope of the activation function."),
    "weight_gradient": (
        "Chain rule",
        "It reaches the loss only through its neuron's sum, so the derivatives along this way are multiplied.",
    ),
    "bias_gradient": ("Chain rule", "A bias is added as it is, so its factor is 1."),
    "slope_gradient": (
        "Chain rule", "Every neuron of the layer uses the slope, so their parts are added; above 0 it has no part."
    ),
    "mean_gradient": ("Mean", "The gradients of the batch's samples, added and divided by their number."),
    "velocity": ("Momentum", "The old velocity fades, the new gradient comes in."),
    "square_sum": ("Scale", "All squared gradients so far: where they are large, steps become short."),
    "square_average": ("Scale", "The old average fades, a little of the new gradient squared comes in."),
    "first_moment": ("Momentum", "The old moment fades, a little of the new gradient comes in."),
    "second_moment": ("Scale", "The same with the gradient squared."),
    "first_moment_hat": ("Correction", "Makes up for the moment's start at 0."),
    "second_moment_hat": ("Correction", "Makes up for the moment's start at 0."),
    "parameter_update": ("Update", "A step against the gradient; the learning rate sets its length."),
}
SHARED_BIAS = "Sum over paths", "The layer's neurons share this bias, so it acts through each of them."
COMBINED_DELTA = (
    "Chain rule", "For this loss after this activation the product comes down to prediction minus target."
)
JACOBIAN_DELTA = (
    "Sum over paths", "This pre-activation moves every activation of its layer, so one product for each is added."
)
WHOLE_LAYER = "Activation", "The share of this neuron in its layer; all shares together make 1."
WITHOUT_BIAS = "Weighted sum", "Each input of the neuron times its weight, all added."
PENALIZED_MEAN = "Mean", "The mean over the batch's samples, and what the penalty adds to it."
PENALIZED_SAMPLE = "Penalty", "That of the sample, and what the penalty adds to it."
SINGLE_SAMPLE = "Mean", "Of a single sample the mean is its own."
"""What is said instead of a rule where something special holds."""
PARAMETER_TIPS = (
    "Frozen: the update does not change it",
    "",
    "At the iteration's start; double-click or F2 to change it",
    "Derivative of the loss by it",
    "What the update adds",
    "After the update; double-click or F2 to begin the next iteration with another value",
)
"""What the columns of the parameters are."""
SIZE_OF_PRESENTATION = "In a presentation the screen gives the size; + and − zoom into the network."
CLOSE_PANEL = "Close; the View menu brings it back"
COMPUTED_AS, WRITTEN_OUT = "Computed as", "Written out:"
RUNS_HERE = "Runs go on in the window itself, more slowly: their own process has ended."
FIRST_HINT = "Press Right or Next to do the first operation."
COPIED = "Copied."
NOTHING_TO_TELL = "What has the keyboard has no tip."
NO_PANEL = "Network and equation stay where they are; F6 takes the keyboard to a panel that can be moved."
NOTHING_TO_COPY = "There is no equation to copy yet."
MATRIX, COPY, LATEX, PICTURE = "Matrix form", "Copy text", "LaTeX", "Picture"
"""The buttons of the equation."""
MATRIX_TIP = "The whole layer as vectors and matrices, with the cells of this operation lit"
COPY_TEXT, COPY_LATEX = "Copy the equation as text, in full precision", "Copy the equation as LaTeX"
COPY_PICTURE = "Copy the equation as a picture, dark on white"
COPY_NUMBER = "Copy {} in full"
DIGITS_BEFORE, DIGITS_NAME = "Digits ", "Digits of numbers"
DIGITS_TIP = "Significant digits of the numbers in all panels, 2 to 17; copies are always in full"
UNFOLD, UNFOLD_TIP = "All terms", "Show the terms that are folded; a click on their box does the same"
FOLD_DOTS, CHAIN = "…", "chain"
SO_FAR = {"·": "product so far", "+": "sum so far", "−": "sum so far"}
"""What stands below a cell, by what joins it to the one before."""
NO_MATRIX = "This operation is not written with matrices."
NO_MATRIX_HOW = "Step on, or go back to single numbers with Matrix form."
LOG_SCALE = "Log scale"
NO_LOSS = "The loss of each iteration is drawn here."
NO_LOSS_HOW = "Finish iteration 1 with Page Down, or press Space to run."
OPEN_RECENT, NO_RECENT = "Open recent", "No file opened or saved yet"
GALLERY_TITLE, OPEN_EXAMPLE = "New from example", "Open"
OPEN_TITLE, SAVE_TITLE = "Open a session", "Save the session"
RUN, PAUSE = "Run", "Pause"
STEP_BY, SPEED, SPEED_TIP = "Step by", "Speed", "How many steps a second a run takes"
LIMIT, NO_LIMIT, LIMIT_BEFORE, LIMIT_AFTER = "Stop after", "until paused", "for ", " iterations"
LIMIT_TIP = "After how many iterations a run stops by itself"
GO_TO_TITLE, GO, EXPORT, BEGIN = "Go to", "Go", "Export…", "Begin"
HELP_TITLE = "Keys"
HELP_NOTE = (
    "Arrows, Space, Page keys, digits and F work where the network, the ribbon or the list of operations has the"
    " keyboard; all other keys work everywhere. Tab goes from control to control, Alt with an underlined letter opens a"
    " menu; that of panels moves the one that has the keyboard."
)
STEP_KEYS, RUN_KEYS, GO_KEYS, VIEW_KEYS, FILE_KEYS = "Step", "Run", "Go", "View", "Edit and files"
PANEL_KEYS = "Panel with the keyboard"
OTHER_KEYS = {
    "In the network": (
        ("Ctrl+arrow", "Select the next value"),
        ("Enter", "To the operation that writes it"),
        ("Escape", "Select nothing; from elsewhere: here"),
    ),
    "In lists and tables": (
        ("Up, Down", "To the row above or below"),
        ("F2", "Change the value"),
        ("Enter", "Take what is typed"),
        ("Space", "Tick, or tick no longer"),
        ("Delete", "Remove a stop"),
        ("B", "Breakpoint at the operation"),
        ("Ctrl+C, Ctrl+V", "Copy, paste"),
    ),
    "In the plot of the loss": (
        ("Left, Right", "One iteration back or on"),
        ("PgUp, PgDown", "Ten iterations"),
        ("Home, End", "The first, the last"),
    ),
}
"""Keys that no action has, and what they do, by where."""


def either(keys: Sequence[str]) -> str:
    """Keys of which each does the same."""
    return " or ".join(keys)


NEW_TITLE, EXPORT_TITLE = "New network", "Export as CSV"
TO, FIRST, LAST = "to", "First iteration", "Last iteration"
EXPORTING, CANCEL, EXPORT_CANCELLED = "Exporting…", "Cancel", "Export cancelled; no file was written."
CSV_FILTER = "CSV files (*.csv);;All files (*)"
PICTURE_TITLE, PICTURE_FILTER = "Export the picture", "SVG pictures (*.svg);;PNG pictures (*.png)"
LEAVE_TITLE = "Chainstep"
LEAVE_NEW = "Leave without the network that you have entered?"
LEAVE = "The session has changes that are not saved. Save them?"
SESSION = "session"
SESSION_SUFFIX = ".chainstep.json"
SESSION_FILTER = "Chainstep sessions (*.chainstep.json);;All files (*)"
NO_OPERATION = "Nothing is computed yet in this iteration."
RECOVERED = "This is the work that was not saved."
NO_ROW = "Choose the row to remove; the last one stays."
