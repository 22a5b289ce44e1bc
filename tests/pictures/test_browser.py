"""A report in a real browser: nothing is fetched, nothing fails, the keyboard reaches it all."""

from __future__ import annotations

import os
import shutil

import pytest

from dflint.pictures.page import page
from dflint.pictures.report import report_of_image
from dflint.verify.audit.size import SizedFile
from tests.pictures.test_page import HOSTILE, image, large, record, step

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
BROWSER = (
    shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
)
#: Contrast of text on its background, by the formula of WCAG 2.2, of all elements with own text.
CONTRAST = """() => {
  const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3).map(v => { v /= 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const back = e => { for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor;
    if (!/rgba\\(.*, 0\\)/.test(c)) return c; } return 'rgb(255, 255, 255)'; };
  const found = [];
  for (const e of document.querySelectorAll('body *')) {
    const own = [...e.childNodes].some(n => n.nodeType == 3 && n.data.trim());
    if (e.closest('svg') || !own) continue;
    const [a, b] = [light(getComputedStyle(e).color), light(back(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.push(`${e.tagName}.${e.className} ${ratio.toFixed(2)}`);
  }
  return found; }"""


@pytest.fixture(scope="module")
def browser():
    if BROWSER is None:
        pytest.skip("no Chromium is installed")
    with playwright.sync_playwright() as driver:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = driver.chromium.launch(executable_path=BROWSER, args=options)
        yield browser
        browser.close()


def opened(browser, place, text, **options):
    """A page with what it has asked for and said."""
    place.write_text(text)
    opened = browser.new_context(**options).new_page()
    opened.said, opened.asked = [], []
    opened.on("console", lambda message: opened.said.append(message.text))
    opened.on("pageerror", lambda error: opened.said.append(str(error)))
    opened.on("dialog", lambda dialog: opened.said.append(dialog.message))
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.goto(place.as_uri())
    return opened


def hostile():
    files = [SizedFile(0, f"/{HOSTILE}", 10, "files", None)]
    return report_of_image(image([HOSTILE], files, None, HOSTILE), record([step(0, HOSTILE)]))


@pytest.mark.parametrize("make", [large, hostile])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1200, 360])
def test_a_page_fetches_nothing_and_can_be_read(browser, tmp_path, make, scheme, width):
    place = tmp_path / "page.html"
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 800}}
    shown = opened(browser, place, page(make()), **options)
    assert shown.said == []
    assert shown.asked == [place.as_uri()]
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert shown.evaluate(CONTRAST) == []
    assert len(shown.screenshot(full_page=True)) > 10_000


def test_tab_reaches_the_link_past_the_head_every_step_and_every_cell(browser, tmp_path):
    shown = opened(browser, tmp_path / "page.html", page(large()), java_script_enabled=True)
    reached = []
    for _ in range(1000):
        shown.keyboard.press("Tab")
        one = shown.evaluate(
            "(e => [e.tagName, e.className.toString(), getComputedStyle(e).outlineStyle,"
            "e.href || ''])(document.activeElement)"
        )
        if one[0] == "BODY":
            break
        reached.append(one)
    assert reached[0][1] == "skip"
    steps = [one for one in reached if one[0] == "SUMMARY"]
    cells = [one for one in reached if one[1].startswith("cell ")]
    assert len(steps) == shown.locator("summary").count()
    assert len(cells) == shown.locator("a.cell").count() > 50
    assert all(one[2] == "solid" for one in steps + cells)


def test_a_cell_leads_to_its_row_without_a_script(browser, tmp_path):
    shown = opened(browser, tmp_path / "page.html", page(large()), java_script_enabled=False)
    shown.locator("a.cell[href^='#path-']").first.press("Enter")
    row = shown.locator("tr:target")
    assert row.count() == 1
    assert row.is_visible()
    shown.locator("#step-3 summary").press("Enter")
    assert shown.locator("#step-3 dl").is_visible()
