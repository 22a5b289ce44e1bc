"""The lossless concrete syntax tree of a Dockerfile."""
