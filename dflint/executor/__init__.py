"""Processes in a root file system of their own."""
