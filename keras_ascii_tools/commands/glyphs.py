"""`keras-ascii glyphs`: the legend, every sign explained. Made from the tables, so that it cannot be wrong."""

from __future__ import annotations

import argparse
import sys

from keras_ascii_tools.commands.parsing import output_arguments
from keras_ascii_tools.commands.terminal import Terminal
from keras_ascii_tools.glyphs import CHARSETS, CUSTOM, GLYPHS, NESTED, OPERATION, Charset

__all__ = ["add_arguments", "legend", "run"]

_WIDTH = 100


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.description = "Print the glyph of each kind of layer, and what the other signs mean."
    command.add_argument("--charset", choices=CHARSETS, help="characters to use (default: what the output can show)")
    output_arguments(command)


def run(given: argparse.Namespace) -> int:
    """Print the legend."""
    terminal = Terminal.of(sys.stdout, given.color)
    terminal.show(legend(given.charset or terminal.charset), pager=given.pager)
    return 0


def legend(charset_name: str) -> str:
    """Return the legend in a charset; ends with a line end."""
    charset = CHARSETS[charset_name]
    lines = ["Lanes: one lane is the output of one layer call, from its node to its last use.", ""]
    lines += [f"  {sign:<8}{text}" for sign, text in _signs(charset)]
    lines += ["", "Layers", ""]
    for glyph in (*GLYPHS, NESTED, OPERATION, CUSTOM):
        text = (glyph.ascii or glyph.text) if charset.name == "ascii" else glyph.text
        kinds = {"operation": "an operation of keras.ops", "custom": "a class from outside Keras"}.get(
            glyph.kinds, ", ".join(glyph.kinds.split())
        )
        lines += [
            f"  {text}   {part}" if number == 0 else f"{'':10}{part}" for number, part in enumerate(_wrapped(kinds))
        ]
    return "\n".join(lines) + "\n"


def _signs(charset: Charset) -> list[tuple[str, str]]:
    line = charset.lines
    return [
        (charset.node, "a layer call"),
        (charset.source, "one without inputs: an input of the model"),
        (charset.sink, "an output of the model, which nothing else uses"),
        (charset.alone, "one that nothing uses, and no output"),
        (charset.uncalled, "a layer of the model that nothing calls"),
        (line[3], "a lane that passes"),
        (" ".join(dict.fromkeys((line[11], line[7], line[15]))), "a lane that is used here and goes on"),
        (" ".join(dict.fromkeys((line[9], line[5], line[13]))), "a lane that is used here for the last time"),
        (line[12], "joins a layer call with what it uses"),
        ("<2 1>", "the inputs in argument order, by lane from left to right, where the lanes do not show it"),
        (f"{charset.times}2", "the same input twice; beside a bracket: rows that stand for two copies"),
        (f"{charset.back}2", "the second input of the model, or by its name, where its row does not show it"),
        (f"{charset.arrow}2", "the second output of the model, or by its name"),
        ("(_, 2.0)", "the arguments of the call, _ for each input"),
        ("<1.1>", "the second output of what the lane comes from; outputs of a layer are counted from 0"),
        ("<^3>", "what is 3 rows up; a name: the row with that name"),
        ("28 28 1", "a shape without its batch axis, which is dynamic; (4 28 28 1), (?), (): a whole shape"),
        ("=", "weights that are counted above: a further call of the same layer"),
        ("F", "frozen: not trainable"),
        ("?", "a dynamic axis; in a column of numbers: not known"),
    ]


def _wrapped(text: str) -> list[str]:
    import textwrap

    return textwrap.wrap(text, _WIDTH - 10, break_long_words=False)
