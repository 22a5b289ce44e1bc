"""Calls of the Linux kernel that Python has no names for."""
