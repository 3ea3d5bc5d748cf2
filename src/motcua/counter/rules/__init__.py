"""The rules of the counter: pure Python."""
