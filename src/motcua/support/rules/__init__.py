"""The rules of support: pure Python."""
