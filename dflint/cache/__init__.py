"""What earlier runs found out, kept on disk: bytes under keys, of which nothing is explained."""
