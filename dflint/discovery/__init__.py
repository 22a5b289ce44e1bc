"""Which files are Dockerfiles: names, folders, ignore files, templates."""
