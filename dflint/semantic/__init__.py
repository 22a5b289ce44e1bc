"""What a Dockerfile means: stages, scopes, state, and what a builder refuses. Pure."""
