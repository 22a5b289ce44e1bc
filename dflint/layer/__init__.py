"""Layers: trees of changes, and the archives that they travel in."""
