"""What a project asks of dflint: its configuration file, found, read and checked."""
