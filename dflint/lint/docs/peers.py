"""What a row says of a defect that tools other than BuildKit and hadolint look for."""

from __future__ import annotations

#: Remarks on defects that something else of dflint finds.
FORMATTER = "[`dflint format`](formatter.md) writes it so"
SHELLCHECK = "found by [ShellCheck](#shellcheck)"

#: The tools, each with the name of its column.
PEERS = (
    ("tally", "tally"),
    ("dockerfilelint", "dockerfilelint"),
    ("dockerfile_lint", "dockerfile_lint"),
    ("Parfum", "parfum"),
    ("trivy", "trivy"),
    ("KICS", "kics"),
    ("semgrep", "semgrep"),
    ("SonarQube", "sonar"),
    ("checkov", "checkov"),
    ("dockle", "dockle"),
    ("dockerfile-utils", "dockerfile_utils"),
)


class Defect:
    """One defect: what it is, a remark, and for each tool its ids for it.

    The ids are those that the tools print; BuildKit's and hadolint's are among them where a tool
    has taken them over (`DL3002`, `buildkit/UndefinedVar`). A remark stands where no rule finds
    the defect: what finds it instead, or why nothing does.
    """

    __slots__ = ("finds", "ids", "remark")

    finds: str
    remark: str
    ids: dict[str, tuple[str, ...]]

    def __init__(self, finds: str, remark: str = "", **ids: str) -> None:
        self.finds = finds
        self.remark = remark
        self.ids = {tool: tuple(words.split()) for tool, words in ids.items()}

    @property
    def is_found_elsewhere(self) -> bool:
        """Whether the formatter or ShellCheck finds it."""
        return self.remark in (FORMATTER, SHELLCHECK)
