"""Lines to systems outside, and papers and formats of money that others read."""
