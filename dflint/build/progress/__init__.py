"""What a build tells while it runs, and the ways to show it."""
