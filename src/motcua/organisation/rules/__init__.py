"""Pure rules of the organisation: working time."""
