"""Whether two Dockerfiles build the same image, found by building both."""
