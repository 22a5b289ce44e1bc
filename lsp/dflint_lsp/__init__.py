"""The language server: everything dflint knows of a Dockerfile, for editors."""
