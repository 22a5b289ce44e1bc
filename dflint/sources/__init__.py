"""Contexts and files that come from elsewhere: archives, HTTP, git."""
