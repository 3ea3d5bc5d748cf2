"""Pages of money: `/thu-phi/…`."""
