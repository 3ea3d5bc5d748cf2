"""The organisation's screens."""
