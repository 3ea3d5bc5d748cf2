"""Lines to systems outside."""
