"""Requests over HTTP: connections, proxies, certificates, redirects, retries, redaction."""
