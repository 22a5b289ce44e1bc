"""Containers of images, as far as trying an image needs them."""
