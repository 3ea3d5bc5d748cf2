"""Template words of the organisation."""
