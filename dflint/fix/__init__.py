"""Chooses fixes, applies them, and sees that they do no harm."""
