"""One layout for Dockerfiles; nothing that a builder or a shell reads is changed by it."""
