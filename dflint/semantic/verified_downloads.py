"""Whether a script looks at what it has fetched before it relies on it."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dflint.semantic.programs import Program

#: Programs that make digests.
_SUMS = ("sha1sum", "sha224sum", "sha256sum", "sha384sum", "sha512sum", "shasum", "md5sum", "b2sum")
#: Programs that check signatures, each with the words for that; none if they do nothing else.
_SIGNATURES = {
    "gpg": ("--verify",),
    "gpg2": ("--verify",),
    "gpgv": (),
    "openssl": ("dgst", "sha256", "sha1"),
    "gpgv2": (),
    "cosign": ("verify", "verify-blob"),
    "minisign": ("-V",),
    "signify": ("-V",),
}


def verifies(program: Program) -> bool:
    """Whether a digest or a signature is checked anywhere in the script, or around it."""
    one: Program | None = program
    while one is not None:
        if _verifies(one):
            return True
        one = one.parent
    return False


def _verifies(program: Program) -> bool:
    text = program.script.text
    if "sum" in text or "gpg" in text or "sign" in text or "openssl" in text:
        if program.invocations_of(*_SUMS):
            return True  # it is printed to be compared, if not compared right away
        for call in program.invocations_of(*_SIGNATURES):
            wanted = _SIGNATURES.get(call.name or "", ())
            if not wanted or any(argument.value in wanted for argument in call.arguments):
                return True
    return False
