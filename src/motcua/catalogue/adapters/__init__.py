"""What the catalogue needs of libraries that write files."""
