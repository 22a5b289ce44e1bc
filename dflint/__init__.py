"""dflint reads Dockerfiles without losing a byte, says what is wrong with them, and fixes it."""

__version__ = "0.1.0"
