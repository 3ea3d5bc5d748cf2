"""Mass configuration as a grid: rows, cells as text, what a wish would change, what is missing. Pure."""
