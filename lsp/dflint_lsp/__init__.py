"""The language server of dflint. There is none yet: this package only keeps its place."""
