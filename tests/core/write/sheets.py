"""Drawings made by hand, for the writers of formats."""

from __future__ import annotations

from keras_ascii_tools.write.sheet import Line, Role, Section, Sheet, line_of

__all__ = ["HOSTILE", "hostile", "one_line", "unet"]

HOSTILE = '\x1b[31m"><script>alert(1)</script>&amp;\u202e\n```\x00\ud800\ue000]]>@everyone'
"""A name that does something wherever it is not escaped for."""


def one_line(text: str, role: Role = Role.NAME) -> Sheet:
    """A drawing of one line in one role."""
    return Sheet((Section(header=(), rows=(line_of((text, role)),)),))


def hostile() -> Sheet:
    """A drawing in which every text is hostile."""
    line = Line(tuple(line_of((HOSTILE, role)).spans[0] for role in Role))
    section = Section(header=(line,), rows=(line,), footer=(line,), title=HOSTILE)
    return Sheet((section, section), title=HOSTILE, description=HOSTILE)


def row(lanes: str, kind: str, name: str, shape: str, weights: str = "", more: str = "") -> Line:
    """One row; the node is the first marker among the lanes."""
    at = next(index for index, character in enumerate(lanes) if character in "●○■□")
    return line_of(
        (lanes[:at], Role.GUTTER),
        (lanes[at], Role.NODE),
        (lanes[at + 1 :], Role.GUTTER),
        (" " * (8 - len(lanes)), Role.TEXT),
        (f"{kind:<16}", Role.KIND),
        (f"  {name:<10}", Role.NAME),
        (f"  {shape:>10}", Role.SHAPE),
        (f"  {weights:>8}", Role.WEIGHTS),
        (f"  {more}", Role.SETTING),
    )


def unet() -> Sheet:
    """A small net with lanes, and the body of one of its layers."""
    model = Section(
        header=(line_of(("unet (Functional)  9 layers", Role.TITLE)),),
        rows=(
            row("○", "InputLayer", "image", "64 64 3"),
            row("●", "Conv2D", "enc1", "64 64 32", "896", "relu"),
            row("├─●", "MaxPooling2D", "pool1", "32 32 32"),
            row("│ ●", "Conv2D", "enc2", "32 32 64", "18,496", "relu"),
            row("│ ├─●", "MaxPooling2D", "pool2", "16 16 64"),
            row("│ │ ●", "Functional", "middle", "32 32 64", "36,928"),
            row("│ ●─┘", "Concatenate", "cat2", "32 32 128"),
            row("│ ●", "Conv2DTranspose", "up1", "64 64 32", "16,416", "<tanh> & more"),
            row("■─┘", "Concatenate", "cat1", "64 64 64"),
        ),
    )
    body = Section(
        header=(line_of(("middle (Functional), and 2 more like it", Role.TITLE)),),
        rows=(row("○", "InputLayer", "", "16 16 64"), row("■", "Conv2D", "conv", "16 16 64", "36,928")),
        footer=(line_of(("72,736 weights", Role.NOTE)),),
        title="middle",
    )
    return Sheet(
        (model, body), title="unet (Functional)  9 layers", description="A Functional model with 1 input and 1 output."
    )
