"""Exporters: an image, or its file system, as people take it away."""
