"""What COPY, ADD and WORKDIR do to a root file system."""
