"""Pictures: a Dockerfile's stages and steps as a graph, what an image is made of as a page."""
