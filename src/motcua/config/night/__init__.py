"""The night of 30 June to 1 July 2025, rehearsed on an installation of its own that is thrown away afterwards."""
