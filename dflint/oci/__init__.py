"""Values of the OCI specifications; data only, no input or output."""
