"""Text and positions in it; knows nothing of Dockerfiles."""
