"""How fast the product is, against hand-written SQL doing the same rows in the same run (`python -m bench`)."""
