"""Outside sources, wrapped."""
