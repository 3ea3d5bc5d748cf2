"""The rules of money: pure Python, whole đồng."""
