"""The public functions, without Keras."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import keras_ascii_tools as kat
from keras_ascii_tools.write import FORMATS
from tests.golden import FOLDER

UNET = FOLDER / "unet.json"


def test_a_drawing_is_its_text() -> None:
    drawing = kat.draw(UNET)
    assert f"{drawing}\n" == drawing.to("text")
    assert not str(drawing).endswith("\n")
    assert drawing.graph == kat.read(UNET)


def test_a_notebook_shows_html() -> None:
    html = kat.draw(UNET)._repr_html_()
    assert html == kat.draw(UNET).to("html")
    assert "<figure" in html


def test_rich_shows_colours() -> None:
    rich = pytest.importorskip("rich.console", reason="rich comes with Keras")
    console = rich.Console(width=200, force_terminal=True, color_system="standard")
    with console.capture() as capture:
        console.print(kat.draw(UNET))
    assert "\x1b[" in capture.get()
    assert "MaxPooling2D" in capture.get()


def test_options_are_given_one_by_one_or_as_a_record() -> None:
    options = kat.DrawOptions(charset="ascii", fuse=True)
    assert str(kat.draw(UNET, options=options)) == str(kat.draw(UNET, charset="ascii", fuse=True))
    assert str(kat.draw(UNET, options=options, fuse=False)) == str(kat.draw(UNET, charset="ascii"))
    assert str(kat.draw(UNET, columns="kind, shape")) == str(kat.draw(UNET, columns=["kind", "shape"]))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"charst": "ascii"}, "no option 'charst'; did you mean 'charset'?"),
        ({"charset": "utf8"}, "charset: expected one of unicode, ascii, got 'utf8'"),
        ({"fold": True}, "fold: expected one of no, exact, similar, got True"),
        ({"depth": "all"}, "depth: expected a whole number of at least -1, got 'all'"),
        ({"width": 10}, "width: expected a whole number of at least 20, got 10"),
        ({"columns": []}, "columns: expected each column once and at least one"),
        ({"layers": "no*"}, "layers: 'no*' matches none"),
    ],
)
def test_an_option_that_cannot_be_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(kat.OptionError, match=said.replace("*", r"\*").replace("?", r"\?")):
        kat.draw(UNET, **given)


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(kat.OptionError, match="format: expected one of text, markdown, html, svg, json, got 'pdf'"):
        kat.draw(UNET).to("pdf")
    assert list(FORMATS) == ["text", "markdown", "html", "svg", "json"]


@pytest.mark.parametrize("source", [None, 3, [], len, kat.ModelGraph, object()])
def test_what_is_no_model_is_refused(source: object) -> None:
    with pytest.raises(kat.SourceError, match="expected a Keras model, a path or a graph, got "):
        kat.draw(source)


def test_a_graph_is_its_own_source() -> None:
    graph = kat.read(UNET)
    assert kat.read(graph) is graph
    assert kat.read(str(UNET)) == graph


def test_json_names_its_schema() -> None:
    document = json.loads(kat.draw(UNET).to("json"))
    assert (document["schema"], document["version"]) == ("keras-ascii/graph", "1.0")


def test_the_package_draws_without_anything_but_the_standard_library() -> None:
    program = (
        "import sys, keras_ascii_tools as kat; kat.draw(sys.argv[1]).to('html'); "
        "names = {name.partition('.')[0] for name in sys.modules}; "
        "print(*sorted({'keras', 'tensorflow', 'numpy', 'h5py', 'rich', 'fsspec'} & names))"
    )
    done = subprocess.run([sys.executable, "-c", program, UNET], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_graphs_with_the_same_architecture_are_equal_and_say_what_differs() -> None:
    one = kat.read(FOLDER / "residual.json")
    other = kat.read(FOLDER / "chain.json")
    assert one != other
    assert one.conflicts(one) == ()
    assert any(line.startswith("nodes:") for line in one.conflicts(other))
    assert one != "something else"


def test_the_file_of_a_notation_of_tomorrow_is_refused(tmp_path: Path) -> None:
    text = (FOLDER / "chain.snapshot.txt").read_text().replace("# keras-ascii 1", "# keras-ascii 2")
    (tmp_path / "new.txt").write_text(text)
    with pytest.raises(kat.SourceError, match=r"new.txt: line 1: notation version 2 is newer than 1"):
        kat.read(tmp_path / "new.txt")


def test_json_is_read_as_text_and_parsed() -> None:
    document = kat.draw(UNET).to("json")
    assert kat.read_json(document) == kat.read_json(json.loads(document)) == kat.read(UNET)
    with pytest.raises(kat.SourceError):
        kat.read_json("{}")


def test_a_page_brings_the_style_sheet_once() -> None:
    drawing = kat.draw(UNET)
    style = drawing.html().split("<style>\n")[1].split("</style>\n")[0]
    assert style in drawing.css()
    assert drawing.html(css=False) == drawing.html().replace(f"<style>\n{style}</style>\n", "")
    assert drawing.title in drawing.html(css=False)
    assert drawing.description in drawing.html(css=False)


def test_a_page_brings_the_style_sheet_of_diffs_too() -> None:
    changed = kat.diff(FOLDER / "chain.json", UNET)
    style = changed.html().split("<style>\n")[1].split("</style>\n")[0]
    assert style in kat.Drawing.css()
    assert changed.html(css=False) == changed.to("html").replace(f"<style>\n{style}</style>\n", "")
