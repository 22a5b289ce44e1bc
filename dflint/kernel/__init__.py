"""Calls of the Linux kernel that Python has no names for, and what processes do by them."""
