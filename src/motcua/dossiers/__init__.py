"""The dossier and its legal life: the centre of the product."""
