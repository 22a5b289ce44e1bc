"""The rule `untrusted-registry`."""

from __future__ import annotations

from dflint.cst.instructions import Copy, From, OnBuild, Run
from dflint.lint.rule import Category, Invalid, Meta, Rule, Severity, Valid

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from dflint.lint.document import Document
    from dflint.lint.rule import Finding


class UntrustedRegistry(Rule):
    """An image comes from a registry that is not trusted.

    `trusted-registries` in the configuration lists where images may come from: a registry
    (`ghcr.io`), a part of one (`ghcr.io/acme`), with `*` for any text (`*.example.com`).
    `docker.io` is Docker Hub under all of its names, and covers images that name no registry.

    Asked are `FROM`, `COPY --from` and `RUN --mount=from=`, behind `ONBUILD` as well; never
    `scratch`, stages, and bare names behind `from=`, which may be build contexts. Variables are
    taken at their defaults; a registry that depends on others is passed over.

    Silent without `trusted-registries`.
    """

    meta = Meta(
        "untrusted-registry",
        Category.POLICY,
        Severity.ERROR,
        since="0.1",
        aliases=(
            "DL3026",
            "CIS-DI-0002",
        ),
    )
    on = (
        From,
        Copy,
        Run,
        OnBuild,
    )
    needs = "trusted-registries"
    given = (("trusted-registries", ("docker.io", "ghcr.io/acme")),)
    bad = "FROM quay.io/acme/server:1.4\n"
    good = "FROM ghcr.io/acme/server:1.4\n"
    valid = (
        Valid(
            "FROM a.b.com/c AS x\nFROM x\nFROM scratch\nCOPY --from=ctx c d\n",
            {"trusted-registries": ("*.b.com",)},
        ),
        Valid("ARG R\nFROM $R/a\nFROM ghcr.io/b/$R\n", {"trusted-registries": ("ghcr.io/b",)}),
        Valid("FROM ghcr.io/a\n"),
    )
    invalid = (
        Invalid(
            "FROM a\nFROM \\\n  # comment\n  ghcr.io/bc/d AS e\nCOPY --from=quay.io/f g h\n",
            at=("ghcr.io/bc/d", "quay.io/f"),
            options={"trusted-registries": ("docker.io", "ghcr.io/b")},
        ),
        Invalid(
            "ARG R=quay.io\nFROM $R/a\nFROM b\nONBUILD COPY --from=localhost:5000/c d e\n",
            at=("$R/a", "localhost:5000/c"),
            options={"trusted-registries": ("docker.io",)},
        ),
    )

    def check(self, doc: Document) -> Iterator[Finding]:
        """Report each image that no entry covers."""
        trusted = doc.settings.trusted_registries
        if not trusted:
            return
        from dflint.oci.trust import is_trusted
        from dflint.semantic.pulled_images import pulled_images
        from dflint.text.quoted import quoted

        for pulled in pulled_images(doc.model):
            if not is_trusted(pulled.image, trusted, pulled.is_whole):
                name = pulled.image.name if pulled.is_whole else pulled.image.domain
                message = f"{quoted(name)} is not among the trusted registries; "
                message += "take the image from one that is"
                yield self.finding(doc, pulled.span, message)
