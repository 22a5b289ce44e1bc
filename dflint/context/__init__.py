"""The build context: what a builder sends, and what .dockerignore keeps out of it."""
