"""House rules of a company: an example of a rule plug-in."""

from acme_rules.acme_no_sudo import AcmeNoSudo

API_VERSION = 1


def rules():
    """The rules of this plug-in."""
    return [AcmeNoSudo]
