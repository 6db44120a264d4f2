"""Every knob of a drawing, once: command, Sphinx directive and pytest plugin derive theirs from these fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from keras_ascii_tools.errors import OptionError

__all__ = ["CHOICES", "COLUMNS", "DEFAULT_COLUMNS", "DrawOptions"]

Profile = Literal["display", "snapshot"]
Style = Literal["rows", "classic"]
CharsetName = Literal["unicode", "ascii"]
FoldMode = Literal["no", "exact", "similar"]
Names = Literal["given", "all"]
Sort = Literal["graph", "weights", "macs", "name", "kind"]
Column = Literal[
    "glyph", "kind", "name", "shape", "weights", "share", "macs", "trainable", "dtype", "inputs", "settings"
]

COLUMNS: tuple[str, ...] = get_args(Column)
DEFAULT_COLUMNS: tuple[Column, ...] = ("glyph", "kind", "name", "shape", "weights", "share", "settings")
ALL_LEVELS = -1
"""As a depth: open everything."""


def _doc(text: str) -> dict[str, str]:
    return {"help": text}


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawOptions:
    """How to draw. Each field's metadata has the text for `--help`."""

    profile: Profile = field(
        default="display",
        metadata=_doc("display: for eyes; snapshot: lossless ASCII that can be read back, the same everywhere"),
    )
    style: Style = field(
        default="rows", metadata=_doc("rows: one row per layer call; classic: keras-sequential-ascii's")
    )
    charset: CharsetName = field(default="unicode", metadata=_doc("characters of lanes and glyphs"))
    columns: tuple[Column, ...] = field(
        default=DEFAULT_COLUMNS, metadata=_doc(f"columns and their order, from: {', '.join(COLUMNS)}")
    )
    names: Names = field(default="given", metadata=_doc("names to show: those that a person gave, or also Keras' own"))
    depth: int = field(default=0, metadata=_doc("open nested models in place, so many levels deep; -1 for all"))
    bodies: bool = field(default=True, metadata=_doc("draw the bodies of nested models below"))
    fold: FoldMode = field(
        default="no", metadata=_doc("draw repeated rows once: those that are equal, or that differ in size only")
    )
    fuse: bool = field(default=False, metadata=_doc("draw convolution, normalisation and activation as one row"))
    plumbing: bool = field(default=False, metadata=_doc("show the operations that Keras inserted by itself"))
    layers: tuple[str, ...] = field(
        default=(), metadata=_doc("only these layers: names or kinds with wildcards, or FIRST..LAST for a range")
    )
    sort: Sort = field(default="graph", metadata=_doc("order of the rows; any but 'graph' leaves the lanes out"))
    width: int | None = field(default=None, metadata=_doc("columns to fit the drawing in; none: as wide as it is"))
    max_lanes: int = field(default=16, metadata=_doc("lanes at most; more become references by name"))
    header: bool = field(default=True, metadata=_doc("say what is drawn"))
    footer: bool = field(default=True, metadata=_doc("say the totals"))
    color: bool = field(default=False, metadata=_doc("colour the text for a terminal"))
    glyphs: tuple[tuple[str, str], ...] = field(
        default=(), metadata=_doc("glyphs of five characters for kinds of layer, before the built-in ones")
    )

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            _one_of(name, getattr(self, name), choices)
        for column in self.columns:
            _one_of("columns", column, COLUMNS)
        if len(set(self.columns)) != len(self.columns) or not self.columns:
            raise OptionError(f"columns: expected each column once and at least one, got {', '.join(self.columns)!r}")
        _at_least("depth", self.depth, ALL_LEVELS)
        _at_least("max_lanes", self.max_lanes, 1)
        if self.width is not None:
            _at_least("width", self.width, 20)
        for kind, glyph in self.glyphs:
            if len(glyph) != 5:
                raise OptionError(f"glyphs: {kind}: expected five characters, got {glyph!r}")
        if self.profile == "snapshot" and self.style == "classic":
            raise OptionError("style: the snapshot profile has one style, rows; leave style out")

    @classmethod
    def of(cls, given: dict[str, Any]) -> DrawOptions:
        """Make options of keyword arguments; a name that is none is refused with what is close to it."""
        known = [item.name for item in fields(cls)]
        for name in given:
            if name not in known:
                if name == "format":
                    raise OptionError("no option 'format': draw(...).to('html') gives the drawing in another format")
                hint = _close(name, known) or f"; have {', '.join(known)}"
                raise OptionError(f"no option {name!r}{hint}")
        cleaned = dict(given)
        if isinstance(cleaned.get("columns"), str):
            cleaned["columns"] = [part.strip() for part in cleaned["columns"].split(",")]
        for name in ("columns", "layers"):
            if name in cleaned:
                value = cleaned[name]
                cleaned[name] = (value,) if isinstance(value, str) else tuple(value)
        if isinstance(cleaned.get("glyphs"), dict):
            cleaned["glyphs"] = tuple(cleaned["glyphs"].items())
        return cls(**cleaned)


CHOICES: dict[str, tuple[str, ...]] = {
    "profile": get_args(Profile),
    "style": get_args(Style),
    "charset": get_args(CharsetName),
    "names": get_args(Names),
    "fold": get_args(FoldMode),
    "sort": get_args(Sort),
}


def _one_of(name: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise OptionError(f"{name}: expected one of {', '.join(choices)}, got {value!r}{_close(str(value), choices)}")


def _close(word: str, choices: Sequence[str]) -> str:
    from difflib import get_close_matches

    found = get_close_matches(word, choices, 1)
    return f"; did you mean {found[0]!r}?" if found else ""


def _at_least(name: str, value: object, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise OptionError(f"{name}: expected a whole number of at least {least}, got {value!r}")
