"""Every knob of a drawing or a diff, once: command, directive and pytest plugin derive theirs from these fields."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal, get_args

from keras_ascii_tools.errors import OptionError

__all__ = ["CHOICES", "COLUMNS", "DEFAULT_COLUMNS", "DIFF_CHOICES", "DiffOptions", "DrawOptions"]

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
SUMMARY_SORTS: tuple[str, ...] = ("file", "name", "kind", "weights", "layers", "size", "keras")
"""Orders of a table of models."""
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
        _known(given, cls)
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


FailOn = Literal["names", "training", "graph", "weights", "signature", "never"]
Loading = Literal["keras", "h5", "h5-by-name"]
Level = Literal["full", "arch", "shapes"]
Show = Literal["names", "training", "derived"]

SHOWN: tuple[str, ...] = get_args(Show)


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffOptions:
    """How to compare two models, and what to show of it. Each field's metadata has the text for `--help`."""

    fail_on: FailOn = field(
        default="names", metadata=_doc("exit with 1 if there is a difference of this severity or a higher one")
    )
    level: Level = field(
        default="full",
        metadata=_doc(
            "what to compare: full: everything; arch: not how it is trained (trainable, dtypes, initializers, "
            "regularizers, optimizer); shapes: kinds, edges and shapes only"
        ),
    )
    loading: Loading | None = field(
        default=None,
        metadata=_doc("how old weights would be loaded (default: as the file is of that kind, else keras)"),
    )
    show: tuple[Show, ...] = field(default=get_args(Show), metadata=_doc(f"what to show, from: {', '.join(SHOWN)}"))
    context: int = field(default=3, metadata=_doc("unchanged rows to show around a change"))
    charset: CharsetName = field(default="unicode", metadata=_doc("characters of lanes and glyphs"))
    width: int | None = field(default=None, metadata=_doc("columns to fit the text in; none: as wide as it is"))
    color: bool = field(default=False, metadata=_doc("colour the text for a terminal"))
    max_chars: int = field(default=65_536, metadata=_doc("characters at most of a Markdown document"))

    def __post_init__(self) -> None:
        for name, choices in DIFF_CHOICES.items():
            if name != "loading" or self.loading is not None:
                _one_of(name, getattr(self, name), choices)
        for part in self.show:
            _one_of("show", part, SHOWN)
        _at_least("context", self.context, 0)
        _at_least("max_chars", self.max_chars, 1000)
        if self.width is not None:
            _at_least("width", self.width, 20)

    @classmethod
    def of(cls, given: dict[str, Any]) -> DiffOptions:
        """Make options of keyword arguments; a name that is none is refused with what is close to it."""
        _known(given, cls)
        cleaned = dict(given)
        if "show" in cleaned:
            value = cleaned["show"]
            parts = value.split(",") if isinstance(value, str) else value
            cleaned["show"] = tuple(part.strip() for part in parts if part.strip())
        return cls(**cleaned)


CHOICES: dict[str, tuple[str, ...]] = {
    "profile": get_args(Profile),
    "style": get_args(Style),
    "charset": get_args(CharsetName),
    "names": get_args(Names),
    "fold": get_args(FoldMode),
    "sort": get_args(Sort),
}
DIFF_CHOICES: dict[str, tuple[str, ...]] = {
    "fail_on": get_args(FailOn),
    "level": get_args(Level),
    "loading": get_args(Loading),
    "charset": get_args(CharsetName),
}


def _known(given: dict[str, Any], record: Any) -> None:
    names = [item.name for item in fields(record)]
    for name in given:
        if name not in names:
            if name == "format":
                raise OptionError("no option 'format': draw(...).to('html') gives the drawing in another format")
            hint = _close(name, names) or f"; have {', '.join(names)}"
            raise OptionError(f"no option {name!r}{hint}")


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
