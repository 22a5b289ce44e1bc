"""Images from and to registries, by the OCI distribution specification."""
