"""One module for each area of the protocol.

A module has functions that take a `DocumentVersion` and offsets or positions and return values of
`lsprotocol.types`, and `register(server)`, which binds them to requests.
"""
