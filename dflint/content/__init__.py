"""The store on disk: blobs, layers, cache records and tags."""
