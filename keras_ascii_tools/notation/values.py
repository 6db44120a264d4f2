"""Values, settings and calls <-> text (`docs/notation.md` §4.2, §4.7, §5). Knows no layers."""

from __future__ import annotations

import re

from keras_ascii_tools.graph import INPUT, Call, Record, Value
from keras_ascii_tools.notation.words import BARE, STRING, format_word, parse_string

__all__ = ["MAX_DEPTH", "ValueParser", "format_call", "format_value", "parse_value"]

MAX_DEPTH = 100
"""Nesting that the parser accepts: more is no setting of a model but an attack on the reader."""

_RESERVED = frozenset({"None", "True", "False", "_", "nan", "inf"})
_CONSTANTS: dict[str, Value] = {"None": None, "True": True, "False": False, "_": INPUT}


def format_value(value: Value) -> str:
    """Write a value on one line."""
    if value == INPUT and isinstance(value, Record):
        return "_"
    if isinstance(value, str):
        return format_word(value, _RESERVED)
    if isinstance(value, tuple):
        return "[" + ", ".join(map(format_value, value)) + "]"
    if isinstance(value, Record):
        if value.kind:
            return format_word(value.kind, _RESERVED) + "(" + _pairs(value.items, "=") + ")"
        return "{" + _pairs(value.items, ": ") + "}"
    return repr(value)


def format_call(call: Call) -> str:
    """Write the arguments of a call: `(_, training=False)`."""
    parts = [format_value(value) for value in call.args]
    parts += [f"{format_word(key)}={format_value(value)}" for key, value in call.kwargs]
    return "(" + ", ".join(parts) + ")"


def _pairs(items: tuple[tuple[str, Value], ...], sign: str) -> str:
    return ", ".join(f"{format_word(key)}{sign}{format_value(value)}" for key, value in items)


def parse_value(text: str) -> Value:
    """Read one value. Raises ValueError if the text is anything else."""
    parser = ValueParser(text)
    value = parser.value()
    parser.end()
    return value


_TOKEN = re.compile(
    rf"(?P<string>{STRING})|(?P<number>[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?(?![\w.]))|(?P<bare>{BARE})|(?P<sign>[\[\](){{}},:=])"
)


class ValueParser:
    """Reads values from a text, left to right. Every failure is a ValueError that says where."""

    def __init__(self, text: str, position: int = 0) -> None:
        self.text = text
        self.position = position
        self._depth = 0

    def end(self) -> None:
        """Check that nothing is left."""
        if self.position != len(self.text):
            raise self._unexpected("the end")

    def value(self) -> Value:
        """Read one value."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise ValueError(f"nested more than {MAX_DEPTH} deep")
        try:
            return self._value()
        finally:
            self._depth -= 1

    def call(self) -> Call:
        """Read the arguments of a call, from `(` to `)`."""
        self._expect("(")
        args: list[Value] = []
        kwargs: list[tuple[str, Value]] = []
        while not self._accept(")"):
            if args or kwargs:
                self._comma()
            key = self._key_before("=")
            if key is not None:
                kwargs.append((key, self.value()))
            elif kwargs:
                raise self._unexpected("a keyword argument")
            else:
                args.append(self.value())
        return Call(tuple(args), tuple(kwargs))

    def key(self) -> str:
        """Read a key: a bare word or a string."""
        kind, text = self._next()
        if kind == "string":
            return parse_string(text)
        if kind == "bare":
            return text
        raise self._unexpected("a name")

    def _value(self) -> Value:
        kind, text = self._next()
        if kind == "string":
            string = parse_string(text)
            return self._object(string) if self._peek("(") else string
        if kind == "number":
            return _number(text)
        if kind == "bare":
            if self._peek("("):
                return self._object(text)
            return _CONSTANTS.get(text, text)
        if text == "[":
            return self._list()
        if text == "{":
            return Record("", self._items("}", ":"))
        self.position -= len(text)
        raise self._unexpected("a value")

    def _list(self) -> tuple[Value, ...]:
        values: list[Value] = []
        while not self._accept("]"):
            if values:
                self._comma()
            values.append(self.value())
        return tuple(values)

    def _object(self, kind: str) -> Record:
        self._expect("(")
        return Record(kind, self._items(")", "="))

    def _items(self, close: str, sign: str) -> tuple[tuple[str, Value], ...]:
        items: dict[str, Value] = {}
        while not self._accept(close):
            if items:
                self._comma()
            key = self.key()
            self._expect(sign)
            if sign == ":":
                self._accept(" ")
            if key in items:
                raise ValueError(f"{key!r} stands twice")
            items[key] = self.value()
        return tuple(sorted(items.items()))

    def _key_before(self, sign: str) -> str | None:
        start = self.position
        match = _TOKEN.match(self.text, start)
        if match and match.lastgroup in {"string", "bare"} and self.text.startswith(sign, match.end()):
            key = self.key()
            self._expect(sign)
            return key
        return None

    def _next(self) -> tuple[str, str]:
        match = _TOKEN.match(self.text, self.position)
        if match is None:
            raise self._unexpected("a value")
        self.position = match.end()
        return str(match.lastgroup), match.group()

    def _peek(self, sign: str) -> bool:
        return self.text.startswith(sign, self.position)

    def _accept(self, sign: str) -> bool:
        found = self._peek(sign)
        if found:
            self.position += len(sign)
        return found

    def _expect(self, sign: str) -> None:
        if not self._accept(sign):
            raise self._unexpected(f"'{sign}'")

    def _comma(self) -> None:
        self._expect(",")
        self._accept(" ")

    def _unexpected(self, wanted: str) -> ValueError:
        rest = self.text[self.position : self.position + 20]
        return ValueError(f"expected {wanted} at {rest!r}" if rest else f"expected {wanted}, found the end")


def _number(text: str) -> Value:
    if len(text) > 4000:  # Python refuses to convert longer integers, and no setting is.
        raise ValueError(f"a number of {len(text)} digits")
    return int(text) if text.lstrip("+-").isdigit() else float(text)
