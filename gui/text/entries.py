"""What is said of numbers that are typed or pasted, and in the dialogs that ask for some."""

WRITE_A_NUMBER = "Write a number, for example 0.2 or 1/3."
TITLE, LAYERS, SYMBOL_KIND = "Title", "Layers", "Symbols"
ITERATION, EXPORT_WHAT, EXPORT_FROM = "Iteration", "Export", "Iterations"
VALUES_EXPORT, PARAMETERS_EXPORT, LOSSES_EXPORT = (
    "Values of every operation", "Parameters by iteration", "Losses by iteration"
)  # fmt: skip
FOR_SPREADSHEETS = "For spreadsheets (byte-order mark)"
LEARNING_RATE, ETA_IS = "Learning rate", "η ="
ADD_DATA_ROW, REMOVE_DATA_ROW = "Add row", "Remove row"


def not_a_number(typed: str) -> str:
    return f"{typed} is not a number."


def divides_by_zero(typed: str) -> str:
    return f"{typed} divides by zero."


def too_large(typed: str) -> str:
    return f"{typed} is too large."


def not_pasted(problem: object) -> str:
    """Why nothing of a block is taken."""
    return f"Nothing pasted: {problem}"


def too_many_pasted(numbers: int, places: int) -> str:
    return not_pasted(f"{numbers:,} numbers, but {places:,} parameters from here on.")


def does_not_fit(rows: int, columns: int, rows_left: int, columns_left: int) -> str:
    return not_pasted(f"{rows:,} × {columns} numbers do not fit into {rows_left:,} × {columns_left}.")


def operation_field(count: int) -> str:
    """How many operations of an iteration may be done."""
    return f"Operation (0 to {count:,})"


def exported(path: object) -> str:
    return f"Exported {path}."


def not_exported(reason: object) -> str:
    return f"Not exported: {reason}."


def saved(path: object) -> str:
    return f"Saved {path}."


def not_saved(path: object, reason: object) -> str:
    return f"Not saved: {path}: {reason}."


def not_changed(reason: object) -> str:
    return f"Not changed: {reason}."
