"""Judges of changes: whether what is built stays the same."""
