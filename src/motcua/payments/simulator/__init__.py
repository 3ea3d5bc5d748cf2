"""A stand-in for the national payment platform: answers as it does, and fails as it may."""
