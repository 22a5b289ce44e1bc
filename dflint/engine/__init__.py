"""The engine that the command line and the language server share."""
