"""Which rules may have something to say of a document: those that wait for the same, together."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dflint.lint.document import Document
    from dflint.lint.finding import Severity
    from dflint.lint.occurring import Occurring
    from dflint.lint.registry import RuleEntry
    from dflint.text.search import TextSearch

    # A rule that is on, and how severe its findings are.
    Enabled = tuple[RuleEntry, Severity]

#: The keywords of a rule that is asked where a builder refuses something: see ProblemRule.
ON_PROBLEM = ("problem",)
#: After so many documents it pays to make ready for looking for all texts at once.
_FEW = 8
#: Of so many sets of keywords it is kept which rules wait for one of them.
_MOST = 256


class Group:
    """Rules that wait for the same keywords and texts, each with the severity of its findings."""

    __slots__ = ("keywords", "mentions", "rules")

    def __init__(
        self, rules: list[Enabled], keywords: tuple[str, ...] = (), mentions: tuple[str, ...] = ()
    ) -> None:
        self.rules = rules
        self.keywords = keywords
        self.mentions = mentions


class Groups:
    """A set of rules by what they wait for."""

    __slots__ = (
        "_always",
        "_by_keywords",
        "_by_text",
        "_on_problems",
        "_parts",
        "_search",
        "_seen",
        "_waiting",
    )

    def __init__(self, rules: Sequence[Enabled]) -> None:
        by_wait: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Enabled]] = {}
        self._on_problems: dict[str, Group] = {}
        for one in rules:
            entry = one[0]
            if entry.keywords == ON_PROBLEM:
                self._on_problems[entry.name] = Group([one])
            else:
                by_wait.setdefault((entry.keywords, entry.mentions), []).append(one)
        groups = [Group(same, *waits) for waits, same in by_wait.items()]
        self._always = [one for one in groups if not one.mentions]
        self._waiting = [one for one in groups if one.mentions]
        #: The numbers of groups among those that wait for a text, by that.
        self._by_text: dict[str, list[int]] = {}
        for number, group in enumerate(self._waiting):
            for text in group.mentions:
                self._by_text.setdefault(text, []).append(number)
        #: Those of them that wait for no text, by the keywords of documents.
        self._by_keywords: dict[frozenset[str], list[Group]] = {}
        self._parts: dict[tuple[frozenset[str], bool], dict[Group, Group | None]] = {}
        self._search: TextSearch | None = None
        self._seen = 0

    def of_all(self, docs: Sequence[Document]) -> list[list[Group]]:
        """The groups that may have something to say of each document."""
        if self._on_problems:
            for doc in docs:
                doc.problems  # noqa: B018 - it is kept, and wanted below
        return [self._of(doc) for doc in docs]

    def named(
        self, groups: Iterable[Group], names: frozenset[str], others: bool = False
    ) -> list[Group]:
        """The groups with the rules alone that have these names, or with the `others`."""
        parts = self._parts.get((names, others))
        if parts is None:
            every = (*self._always, *self._waiting, *self._on_problems.values())
            parts = {one: _part(one, names, others) for one in every}
            self._parts[names, others] = parts
        return [part for group in groups if (part := parts[group]) is not None]

    def _of(self, doc: Document) -> list[Group]:
        keywords = doc.keywords
        lacks = keywords.isdisjoint
        always = self._by_keywords.get(keywords)
        if always is None:
            if len(self._by_keywords) == _MOST:
                self._by_keywords.clear()
            always = [one for one in self._always if not one.keywords or not lacks(one.keywords)]
            self._by_keywords[keywords] = always
        asked = always[:]
        for group in self._mentioned(doc.occurring):
            if not group.keywords or not lacks(group.keywords):
                asked.append(group)
        if self._on_problems and doc.problems:
            broken = sorted(doc.problem_kinds & self._on_problems.keys())
            asked += [self._on_problems[kind] for kind in broken]
        return asked

    def _mentioned(self, occurring: Occurring) -> list[Group]:
        """The groups that wait for a text, and one of theirs occurs."""
        search = self._search_for(occurring)
        if search is None:
            return [one for one in self._waiting if occurring.any_of(one.mentions)]
        numbers: set[int] = set()
        for text in occurring.all_of(search):
            numbers.update(self._by_text[text])
        return [self._waiting[number] for number in sorted(numbers)]

    def _search_for(self, occurring: Occurring) -> TextSearch | None:
        """What looks for all that rules wait for at once, where there is enough to look through."""
        if self._search is not None:
            return self._search if occurring.is_unasked else None
        if not occurring.is_fresh:
            return None
        self._seen += 1
        if self._seen == _FEW:
            from dflint.text.search import TextSearch

            self._search = TextSearch.of(self._by_text)
        return self._search


def _part(group: Group, names: frozenset[str], others: bool) -> Group | None:
    rules = [one for one in group.rules if (one[0].name in names) is not others]
    if len(rules) == len(group.rules):
        return group
    return Group(rules) if rules else None
