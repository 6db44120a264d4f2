"""Single changes in words: `units 10 → 5`. For eyes; knows no rows and no format.

Texts of the models are in them as they are: whoever writes them makes them visible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from keras_ascii_tools.diff import DEFAULT, Change, Check, Derived, Detail, Group
from keras_ascii_tools.glyphs import Charset
from keras_ascii_tools.graph import Value
from keras_ascii_tools.notation.values import format_value

__all__ = ["Words", "ordinal", "shape_text"]

MAX_VALUE = 60
"""Characters that one value may take before it is shortened; JSON has all of it."""
_MOST = 4
"""Inputs of one call that are said, where they are too many to say all."""


class Words:
    """Says changes in the characters of a charset."""

    def __init__(self, charset: Charset) -> None:
        self._charset = charset
        is_ascii = charset.name == "ascii"
        self.arrow, self.back, self.bullet = ("->", "<-", "*") if is_ascii else ("→", "←", "·")

    def change(self, change: Change) -> str:
        """Say a change, without the name of the layer: `units 10 → 5`, `renamed from head`."""
        say = _SAY.get(change.check)
        if say is not None:
            return say(self, change)
        return self.details(change.details) or change.check.value.replace("-", " ")

    def derived(self, derived: Derived) -> str:
        """Say what follows from another change."""
        return f"{self.details(derived.details)} (from {derived.cause})"

    def details(self, details: tuple[Detail, ...]) -> str:
        """Say facts that changed, one after the other; not that what is new had no place before."""
        return ", ".join(self.detail(detail) for detail in details if not _is_place(detail))

    def detail(self, detail: Detail) -> str:
        """Say one fact that changed: `units 10 → 5`."""
        before, after = (self.value(detail.name, value) for value in (detail.before, detail.after))
        return f"{detail.name} {before} {self.arrow} {after}"

    def group(self, group: Group, members: Sequence[str] = ()) -> str:
        """Say a change of how the model is trained: `trainable False → True on 54 of 154 layers`.

        Args:
            group: The change.
            members: What the layers are called, if that is to be said.
        """
        text = self.detail(group.detail)
        if not group.layers:
            return text
        where = ", ".join(" / ".join(path) for path in group.paths) if all(group.paths) else ""
        many = f"{len(group.layers):,} of {group.of:,} layers"
        if members and len(group.paths) > 1:  # each says itself where it is
            where = ""
        named = f": {', '.join(members)}" if members else ""
        return f"{text} on {many}{f' of {where}' if where else ''}{named}"

    def rewired(self, before: Sequence[str], after: Sequence[str]) -> str:
        """Say the inputs of a call: `inputs (a, b) → (b, a)`; of many, those that are other ones: `3rd input a → c`."""
        texts = [f"({', '.join(labels)})" for labels in (before, after)]
        if max(map(len, texts)) <= MAX_VALUE:
            return f"inputs {texts[0]} {self.arrow} {texts[1]}"
        if len(before) != len(after):
            come, gone = Counter(after) - Counter(before), Counter(before) - Counter(after)
            others = [f"+{label}" for label in come.elements()] + [f"-{label}" for label in gone.elements()]
            return f"inputs {len(before):,} {self.arrow} {len(after):,}: {_few(others)}"
        pairs = enumerate(zip(before, after, strict=True), 1)
        return _few([f"{ordinal(at)} input {old} {self.arrow} {new}" for at, (old, new) in pairs if old != new])

    def value(self, name: str, value: Value) -> str:
        """Say one value."""
        if value == DEFAULT:
            return "default"
        if name in {"weights", "params"} and isinstance(value, int) and not isinstance(value, bool):
            return f"{value:,}"
        if name == "shape":
            return shape_text(value)
        if value is None:
            return _NOTHING.get(name, "None")
        text = _bare(value) if name in _LABELS else format_value(value)
        return (
            text if len(text) <= MAX_VALUE else text[: MAX_VALUE - len(self._charset.ellipsis)] + self._charset.ellipsis
        )

    def number(self, count: int) -> str:
        """Say a difference with its sign."""
        return f"{count:+,}"

    def params(self, before: int | None, after: int | None) -> str:
        """Say how many weights there were and are: `1,000 → 1,100 (+100, +10.0%)`."""
        if before is None or after is None:
            known = ["unknown" if count is None else f"{count:,}" for count in (before, after)]
            return f"params {known[0]} {self.arrow} {known[1]}"
        if before == after:
            return f"params {after:,}"
        share = f", {(after - before) / before:+.1%}" if before else ""
        return f"params {before:,} {self.arrow} {after:,} ({self.number(after - before)}{share})"


def ordinal(number: int) -> str:
    """Say which one, counted from 1: `1st`, `2nd`, `11th`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def _few(texts: list[str]) -> str:
    more = f" and {len(texts) - _MOST:,} more" if len(texts) > _MOST else ""
    return ", ".join(texts[:_MOST]) + more


def _is_place(detail: Detail) -> bool:
    return detail.name == "position" and None in (detail.before, detail.after)


_NOTHING = {"name": "none", "structure": "flat"}
_LABELS = frozenset({"inputs", "name", "kind", "layer", "position", "order"})
"""Details whose values are labels and not settings."""


def shape_text(value: Value) -> str:
    """Write a shape, or the shapes of several tensors, as drawings do: without a dynamic batch axis."""
    if value is None:
        return "unknown"
    if not isinstance(value, tuple):
        return format_value(value)
    if value and all(isinstance(item, tuple) for item in value):
        return ", ".join(map(shape_text, value))
    axes = ["?" if axis is None else format_value(axis) for axis in value]
    return " ".join(axes[1:]) if len(axes) > 1 and axes[0] == "?" else f"({' '.join(axes)})"


def _bare(value: Value) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_bare, value))})"
    return value if isinstance(value, str) else format_value(value)


def _renamed(words: Words, change: Change) -> str:
    name = next((detail for detail in change.details if detail.name == "name"), None)
    if name is None or name.before is None:
        return "has a name now"
    before = words.value("name", name.before)
    return f"renamed from {before}" if name.after is not None else f"has lost its name {before}"


def _replaced(words: Words, change: Change) -> str:
    kind = next((detail.before for detail in change.details if detail.name == "kind"), None)
    rest = tuple(detail for detail in change.details if detail.name != "kind")
    was = f"was {words.value('kind', kind)}"
    return f"{was}, {words.details(rest)}" if rest else was


def _layer_moved(words: Words, change: Change) -> str:
    del words, change
    return "moved"


def _plain(text: str) -> Callable[[Words, Change], str]:
    def say(words: Words, change: Change) -> str:
        details = words.details(change.details)
        return f"{text}: {details}" if details else text

    return say


_SAY: dict[Check, Callable[[Words, Change], str]] = {
    Check.LAYER_RENAMED: _renamed,
    Check.MODEL_RENAMED: _renamed,
    Check.LAYER_REPLACED: _replaced,
    Check.LAYER_MOVED: _layer_moved,
    Check.LAYER_ADDED: _plain("added"),
    Check.LAYER_REMOVED: _plain("removed"),
    Check.CALL_ADDED: _plain("called once more"),
    Check.CALL_REMOVED: _plain("called once less"),
    Check.LAYER_UNSHARED: _plain("no longer shared"),
    Check.LAYERS_SHARED: _plain("now shared"),
}
