"""What can be written at a cursor: one module for each kind of place."""
