"""Root file systems of layers, to look at and to change."""
