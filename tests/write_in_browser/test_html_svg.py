"""What HTML and SVG look like, and what they do to a page: measured in Chromium."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from keras_ascii_tools.write.sheet import Role, Section, Sheet, line_of
from keras_ascii_tools.write.to_html import to_html
from keras_ascii_tools.write.to_svg import to_svg
from keras_ascii_tools.write.to_text import to_text
from tests.core.write.sheets import hostile, unet
from tests.write_in_browser.browser import Browser, find_browser

COMMAND = find_browser()
pytestmark = [
    pytest.mark.chromium,
    pytest.mark.slow,
    pytest.mark.skipif(COMMAND is None, reason="no Chromium on the PATH"),
]

LIGHT, DARK = ("#ffffff", "#1f2328"), ("#111111", "#d0d4d8")


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    assert COMMAND is not None
    return Browser(COMMAND, tmp_path)


def page(body: str, *, style: str = "", theme: tuple[str, str] = LIGHT) -> str:
    colours = f"body {{ background: {theme[0]}; color: {theme[1]}; font: 16px/1.5 sans-serif }}"
    return (
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
        f"<title></title><style>{colours} {style}</style><body>{body}</body></html>"
    )


def wide() -> Sheet:
    """A drawing that no screen can hold."""
    line = line_of(("●", Role.NODE), ("  ", Role.TEXT), ("x" * 500, Role.SETTING))
    return Sheet((Section(header=(), rows=(line,)), Section(header=(), rows=(line,), title="body")), title="wide")


def lanes() -> Sheet:
    return Sheet((Section(header=(), rows=(line_of(("│ │", Role.GUTTER)),) * 20),))


def all_roles() -> Sheet:
    return Sheet((Section(header=(), rows=tuple(line_of((role.value, role)) for role in Role)),))


def test_a_wide_drawing_scrolls_in_itself_and_not_with_the_page(browser: Browser) -> None:
    measured = browser.measure(
        page(to_html(wide())),
        """
        const drawings = [...document.querySelectorAll("pre")];
        const root = document.documentElement;
        return [root.scrollWidth - root.clientWidth, drawings.map(pre => pre.scrollWidth > pre.clientWidth)];
        """,
        size=(500, 700),
    )
    assert measured == [0, [True, True]]


def test_a_drawing_can_be_reached_by_keyboard_and_scrolled(browser: Browser) -> None:
    assert browser.measure(
        page(to_html(wide())),
        """
        const pre = document.querySelector("pre");
        pre.focus(); pre.scrollLeft = 50;
        return [document.activeElement === pre, pre.scrollLeft];
        """,
    ) == [True, 50]


# One that is not installed is measured as the one that stands in for it.
FONTS = ("DejaVu Sans Mono", "Liberation Mono", "Noto Sans Mono", "Hack", "Fira Code", "JetBrains Mono", "monospace")


@pytest.mark.parametrize("size", [12, 13, 16])
def test_lanes_have_no_gaps(browser: Browser, size: int) -> None:
    columns = [
        f"<div style=\"position: absolute; top: 0; left: {40 * number}px; --font: '{font}'\">{to_html(lanes())}</div>"
        for number, font in enumerate(FONTS)
    ]
    style = f".keras-ascii .ka-drawing {{ font-family: var(--font) !important; font-size: {size}px !important }}"
    # The window is taller than what is looked at: a part of it is not the page's.
    picture = browser.picture(page("".join(columns), style=style), size=(400, 800))
    for number, font in enumerate(FONTS):
        left = 40 * number
        gaps = [y for y in range(40, int(18 * size * 1.3)) if picture.darkest(y, left, left + 12) > 200]
        assert gaps == [], font


def test_what_is_copied_is_the_drawing(browser: Browser) -> None:
    copied = browser.measure(
        page(to_html(unet())),
        """
        return [...document.querySelectorAll("pre")].map(pre => {
            getSelection().selectAllChildren(pre);
            return getSelection().toString();
        });
        """,
    )
    text = to_text(unet())
    for part in copied:
        assert part.strip("\n") in text
    assert copied[0].strip("\n").splitlines() == text.splitlines()[2:11]


def test_nothing_outside_the_figure_changes(browser: Browser) -> None:
    outside = (
        "<figure><figcaption>c</figcaption><pre>a <span class=x>b</span></pre></figure>"
        "<details><summary>s</summary></details><p>p</p>"
    )
    script = """
        return [...document.querySelectorAll("#outside, #outside *")].map(
            element => [...getComputedStyle(element)].map(name => getComputedStyle(element)[name]).join());
    """
    without = browser.measure(page(f"<div id=outside>{outside}</div>"), script)
    beside = browser.measure(page(f"<div id=outside>{outside}</div>{to_html(unet())}"), script)
    assert beside == without


def test_the_rules_of_a_page_for_its_own_code_do_not_break_lanes(browser: Browser) -> None:
    style = """
        body pre { white-space: pre-wrap; line-height: 2; padding: 2em; font-size: 30px; border: 1px solid }
        .notebook pre, .notebook pre span { white-space: pre-wrap; letter-spacing: 1px }
        .rst-content pre.literal { overflow: hidden }
    """
    assert browser.measure(
        page(f"<div class=notebook>{to_html(unet())}</div>", style=style),
        """
        const style = getComputedStyle(document.querySelector(".keras-ascii pre"));
        return [style.whiteSpace, style.lineHeight, style.fontSize, style.borderTopWidth];
        """,
    ) == ["pre", "16.9px", "13px", "0px"]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_every_role_can_be_read_on_light_and_on_dark_pages(browser: Browser, theme: tuple[str, str]) -> None:
    colours = browser.measure(
        page(to_html(all_roles()), theme=theme),
        """return [...document.querySelectorAll("pre span")].map(e => [e.className, getComputedStyle(e).color]);""",
    )
    assert len(colours) == len(Role) - 1
    for name, colour in colours:
        assert contrast(channels(colour), channels(theme[0])) >= 4.5, name


@pytest.mark.parametrize("dark", [False, True])
def test_every_role_can_be_read_in_an_svg(browser: Browser, dark: bool) -> None:
    colours = browser.measure(
        page(to_svg(all_roles())),
        """
        const paper = getComputedStyle(document.querySelector(".ka-paper")).fill;
        return [...document.querySelectorAll("text, tspan")].map(e => [paper, getComputedStyle(e).fill]);
        """,
        dark=dark,
    )
    assert len(colours) == 2 * len(Role)
    assert {paper for paper, _ in colours} == {"rgb(13, 17, 23)" if dark else "rgb(255, 255, 255)"}
    for paper, colour in colours:
        assert contrast(channels(colour), channels(paper)) >= 4.5


@pytest.mark.parametrize("dark", [False, True])
def test_an_svg_as_an_image_follows_the_system(browser: Browser, dark: bool) -> None:
    picture = browser.picture(to_svg(unet()), size=(400, 300), dark=dark, kind="svg")
    assert picture.pixel(300, 8) == ((13, 17, 23) if dark else (255, 255, 255))


def test_lanes_of_an_svg_have_no_gaps(browser: Browser) -> None:
    picture = browser.picture(to_svg(lanes()), size=(200, 600), kind="svg")
    assert [y for y in range(17, 370) if picture.darkest(y, 16, 24) > 200] == []


def test_columns_of_an_svg_stand_one_below_the_other_in_any_font(browser: Browser) -> None:
    for font in ("monospace", "serif", "fantasy"):
        places = browser.measure(
            page(to_svg(unet()).replace("ui-monospace", font)),
            """
            const all = [...document.querySelectorAll(".ka-shape")].map(e => e.getBBox());
            return all.map(box => Math.round(box.x + box.width));
            """,
        )
        assert max(places) - min(places) <= 1, font


def test_what_is_copied_of_an_svg_is_the_drawing(browser: Browser) -> None:
    lines = browser.measure(
        page(to_svg(unet())), """return [...document.querySelectorAll("text")].map(text => text.textContent);"""
    )
    assert lines == [line for line in to_text(unet()).splitlines() if line]


def test_two_svgs_in_a_page_and_the_page_keep_their_styles(browser: Browser) -> None:
    script = """
        const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
        svg.innerHTML = "<text><tspan class='ka-name'>a</tspan></text>";
        document.body.append(svg);
        return getComputedStyle(svg.querySelector("tspan")).fill;
    """
    assert browser.measure(page(to_svg(unet()) + to_svg(lanes())), script) == "rgb(0, 0, 0)"


@pytest.mark.parametrize("write", [to_html, to_svg])
def test_a_hostile_model_runs_nothing(browser: Browser, write: object) -> None:
    assert callable(write)
    found = browser.measure(
        page(write(hostile())),
        """return [document.scripts.length, document.body.children.length];""",
    )
    assert found == [1, 2], "more than the drawing and the script that measures it"


def channels(colour: str) -> tuple[float, float, float]:
    """A colour as CSS writes it, from 0 to 1."""
    if colour.startswith("#"):
        return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))  # type: ignore[return-value]
    numbers = [float(number) for number in re.findall(r"[\d.]+", colour.removeprefix("color(srgb"))[:3]]
    if colour.startswith("rgb"):
        numbers = [number / 255 for number in numbers]
    red, green, blue = numbers
    return red, green, blue


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """The contrast ratio of WCAG 2."""
    darker, lighter = sorted(map(luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: tuple[float, float, float]) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
