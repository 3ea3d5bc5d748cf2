"""Pure rules of the catalogue: reading sources, matching cases, searching, deciding competence. No Django
here.
"""
