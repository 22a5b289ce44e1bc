"""See AcmeNoSudo."""

from dflint.cst.instructions import User
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid


class AcmeNoSudo(Rule):
    """Images of Acme have no user `sudo`.

    It is reserved for the gateway.
    """

    meta = Meta("acme-no-sudo", Category.SECURITY, Severity.ERROR, since="1.0")
    on = (User,)
    valid = (Valid("FROM a\nUSER app\n"), Valid("FROM a\nRUN sudo x\n"))
    invalid = (
        Invalid("FROM a\nUSER sudo\n", at="sudo"),
        Invalid("FROM a\nUSER \\\n# c\n  sudo\n", at="sudo"),
    )

    def check(self, doc):
        for user in doc.all(User):
            if user.reading.arguments == ("sudo",):
                yield self.finding(doc, doc.argument(user, 0), "the user `sudo` is reserved")
