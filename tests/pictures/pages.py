"""Reads a page as a test sees it: strictly, every element closed, and what it asks for."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "link", "img", "br", "hr", "input", "rect", "path", "polygon"}


class Page(HTMLParser):
    """The elements of a page; AssertionError for one that is not well-formed."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), (tag, names)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, tag
        assert self.open.pop() == tag, (tag, self.open)

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self):
        """All text, the style's too."""
        return "".join(self.texts)

    @property
    def ids(self):
        """Every id."""
        return [attributes["id"] for _, attributes in self.elements if "id" in attributes]

    def of(self, tag):
        """The attributes of all elements of that name."""
        return [attributes for name, attributes in self.elements if name == tag]

    def check(self):
        """Assert that it stands for itself: ids once, links lead somewhere, nothing is fetched."""
        assert len(set(self.ids)) == len(self.ids)
        for name, attributes in self.elements:
            assert name not in ("script", "link", "img", "iframe", "object", "base", "form"), name
            assert not [one for one in attributes if one.startswith("on")], attributes
            assert not {"src", "srcset", "data", "action"} & set(attributes), attributes
            target = attributes.get("href")
            if target is not None:
                assert target[:1] == "#"
                assert target[1:] in self.ids, target
            for other in ("aria-labelledby",):
                assert attributes.get(other, self.ids[0]) in self.ids
        style = "".join(self.texts[self.texts.index(one)] for one in self.texts if "{" in one)
        assert "url(" not in style
        assert "@import" not in style
