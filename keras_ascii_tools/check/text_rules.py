"""Rules for names and texts, wherever in a file they are. Subjects: `str`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from keras_ascii_tools.check.findings import DANGER, DOUBT, Rule
from keras_ascii_tools.escape import visible

__all__ = ["NAME_RULES", "PATH", "PLAIN", "TEXT_RULES", "code_size"]

PATH: Final = re.compile(
    r"(?P<url>[A-Za-z][A-Za-z0-9+.-]{1,20}://\S)|(?P<home>~[\w.-]*/)|(?P<drive>[A-Za-z]:[\\/])|(?P<share>\\\\\w)"
    r"|(?P<root>/[\w.-]+/\S)|(?P<up>(?:[^\s/\\]{1,255}[/\\])*\.\.[/\\])"
)
"""What a text begins with that names a file or an address, and not a layer: `block1/conv` is one."""
PLAIN: Final = re.compile(r"[A-Za-z0-9_ ,()\[\]=+*-][A-Za-z0-9_ .,()\[\]=+*-]{0,38}")
"""Texts in which no rule finds anything: most of them."""
_SHORTEST_CODE: Final = 40
_CODE: Final = (0x63, 0xE3)
_MAYBE_CODE: Final = re.compile(r"[^A-Za-z0-9+/]*[4Y]")
_NO_BASE64: Final = re.compile(r"[^A-Za-z0-9+/]")
"""Python's decoder passes over these."""
_HIDDEN_IN_TEXT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def _path_in_name(name: str) -> Iterator[str]:
    parts = re.split(r"[/\\]", name)
    if ".." in parts or name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:[/\\]", name):
        yield f"the name {name!r} leads out of the folder that it is put in"


def _hidden_in_name(name: str) -> Iterator[str]:
    if visible(name) != name:
        yield f"the name {name!a} has characters that are not seen, or that reorder what is seen"


def _hidden_in_text(text: str) -> Iterator[str]:
    found = _HIDDEN_IN_TEXT.search(text)
    if found:
        yield f"a text has the character {found[0]!a}, which is not seen or reorders what is seen"


def _path_in_text(text: str) -> Iterator[str]:
    if PATH.match(text):
        yield f"{'an address' if '://' in text[:24] else 'a path'} {text!r}"


def _code_in_text(text: str) -> Iterator[str]:
    size = code_size(text)
    if size:
        yield f"a text that is Python bytecode, {size:,} bytes of it"


def code_size(text: str) -> int:
    """Return how many bytes of marshalled Python code a base64 text holds; 0 for any other text.

    Decodes only the start: a code object begins with its type (`c`, perhaps with a flag) and its number of arguments,
    a small integer.
    """
    if len(text) < _SHORTEST_CODE or not _MAYBE_CODE.match(text):
        return 0
    import binascii

    try:
        start = binascii.a2b_base64(_NO_BASE64.sub("", text[:200])[:12])
    except binascii.Error:
        return 0
    if len(start) < 9 or start[0] not in _CODE or start[2:5] != b"\0\0\0":
        return 0
    return len(_NO_BASE64.sub("", text)) * 3 // 4


NAME_RULES: Final = (
    Rule("path-in-name", DANGER, "what is saved or unpacked under it may overwrite files elsewhere", _path_in_name),
    Rule("hidden-characters", DOUBT, "it is not what it looks like", _hidden_in_name),
)
"""For names: of layers, classes, modules, members of archives, objects of HDF5."""

TEXT_RULES: Final = (
    Rule("code-in-text", DANGER, "it runs if anything takes it for a function", _code_in_text),
    Rule("path-in-config", DOUBT, "loading the model may open what it names", _path_in_text),
    Rule("hidden-characters", DOUBT, "it is not what it looks like", _hidden_in_text),
)
"""For all other texts, without vocabularies."""
