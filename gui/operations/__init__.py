"""The listing of operations: which rows it has, which of them a filter lets through, and how they are painted."""
