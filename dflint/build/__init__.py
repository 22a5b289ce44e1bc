"""A reference builder: what BuildKit makes of a Dockerfile, without a daemon."""
