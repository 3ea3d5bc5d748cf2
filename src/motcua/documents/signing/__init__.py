"""Electronic signatures on letters: who signs what, with which driver, where it is shown, and how it is checked.

Nothing here is imported when the server starts: pyHanko costs half a second (docs/adr/0024).
"""
