"""Images from registries, by the OCI distribution specification."""
