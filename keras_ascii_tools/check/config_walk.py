"""The JSON of a model -> its objects, names, texts and numbers, each looked at by the rules for it. Knows no rule.

Reads what Python's `json` reads, so also `NaN`; bounded in size and number of values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, Final, NamedTuple, TypeAlias

from keras_ascii_tools.check.config_rules import ABSURD, CODE_RULES, NUMBER_RULES, OBJECT_RULES, Doubled, Value
from keras_ascii_tools.check.findings import Findings, Place, Rule
from keras_ascii_tools.check.text_rules import NAME_RULES, PLAIN, TEXT_RULES
from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.guards import Config, is_list, is_mapping
from keras_ascii_tools.read.keras_json import parse

__all__ = ["check_json"]

_MAX_VALUES: Final = 400_000
"""Without numbers in lists that are of an ordinary size: constants have millions of them."""
_LONGEST_INTEGER: Final = 40
_Step: TypeAlias = "tuple[_Step | None, str | int]"


class _Item(NamedTuple):
    """A value on the way through the document."""

    value: Any
    way: _Step | None
    key: str
    """Under which it stands, in lists or not."""
    in_layers: bool = False
    """Whether it is a layer."""
    in_code: bool = False
    """Whether it is in an object that was found to be code."""


_NAMES: Final = frozenset({"name", "class_name", "registered_name", "module", "spec_name"})
_DATA: Final = frozenset({"vocabulary", "code"})
"""Keys of what a user's data fill, which may hold any character, and of code, which another rule finds."""
_REFERENCES: Final = frozenset({"keras_history", "inbound_nodes", "input_layers", "output_layers"})
"""Keys under which names stand again."""
_INNER: Final = frozenset({"layer", "cell", "backward_layer", "forward_layer", "model_config", "modelTopology"})


def check_json(text: str | bytes, part: str, findings: Findings, *, is_model: bool = True) -> None:
    """Look at a JSON text; one that cannot be read is noted.

    Args:
        text: Of any encoding that Python's `json` reads.
        part: Where it stands.
        findings: Takes what is found.
        is_model: Whether it is a serialized model or layer, if it is a serialized object at all.
    """
    try:
        root: Any = parse(text, "the JSON", object_pairs_hook=_object, parse_int=_integer)
    except SourceError as error:
        findings.could_not_read(part, str(error))
        return
    if isinstance(root, str):  # a document in a string: `json.dump(model.to_json(), file)`
        check_json(root, part, findings, is_model=is_model)
    else:
        _Walk(root, part, findings).run(is_model)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    doubled = Doubled(found)
    doubled.twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
    return doubled


def _integer(digits: str) -> int:
    """Return a number; a very long one is only said to be huge, because reading it takes long."""
    return int(digits) if len(digits) <= _LONGEST_INTEGER else 10**_LONGEST_INTEGER


class _Walk:
    """Goes through a document, depth first and in its order; keeps one iterator for each level and no more."""

    __slots__ = ("_findings", "_part", "_root")

    def __init__(self, root: Any, part: str, findings: Findings) -> None:
        self._root = root
        self._part = part
        self._findings = findings

    def run(self, is_model: bool) -> None:
        """Look at every value."""
        levels = [iter((_Item(self._root, None, "", in_layers=is_model),))]
        seen = 0
        while levels:
            for item in levels[-1]:
                seen += 1
                if seen > _MAX_VALUES:
                    self._findings.could_not_read(
                        self._part, f"more than {_MAX_VALUES:,} values; the rest was not looked at"
                    )
                    return
                inner = self._look(item)
                if inner is not None:
                    levels.append(inner)
                    break
            else:
                levels.pop()

    def _look(self, item: _Item) -> Iterator[_Item] | None:
        """Apply the rules for a value; return what is in it, if it holds others."""
        value = item.value
        if isinstance(value, str):
            self._text(value, item)
        elif is_mapping(value):
            thing = Value(value, item.key, item.in_layers)
            in_code = self._apply(CODE_RULES, thing, item.way) or item.in_code
            self._apply(OBJECT_RULES, thing, item.way)
            return self._members(value, item, in_code)
        elif is_list(value):
            return self._items(value, item)
        elif isinstance(value, int) and not isinstance(value, bool):
            self._apply(NUMBER_RULES, Value(value, item.key, in_layers=False), item.way)
        return None

    def _items(self, value: Sequence[Any], item: _Item) -> Iterator[_Item]:
        layers = item.way is not None and item.way[1] == "layers"
        for index, one in enumerate(value):
            if not isinstance(one, float) and (type(one) is not int or not -ABSURD < one < ABSURD):
                yield _Item(one, (item.way, index), item.key, layers, item.in_code)

    def _members(self, value: Config, item: _Item, in_code: bool) -> Iterator[_Item]:
        for key, one in value.items():
            way = (item.way, key)
            if not key.isidentifier() or not key.isascii():
                self._apply(NAME_RULES[1:], key, way)
            if key not in _DATA or is_mapping(one):
                yield _Item(one, way, key, key in _INNER, in_code)

    def _text(self, text: str, item: _Item) -> None:
        if PLAIN.fullmatch(text) or item.key in _REFERENCES:
            return
        rules = NAME_RULES if item.key in _NAMES else TEXT_RULES[1:] if item.in_code else TEXT_RULES
        self._apply(rules, text, item.way)

    def _apply(self, rules: Sequence[Rule], subject: Any, way: _Step | None) -> bool:
        return self._findings.apply(rules, subject, partial(_place, self._root, way, self._part))


def _place(root: Any, way: _Step | None, part: str) -> Place:
    steps: list[str | int] = []
    while way is not None:
        steps.append(way[1])
        way = way[0]
    steps.reverse()
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
    return Place(part, path, _layer_at(root, steps))


def _layer_at(root: Any, steps: list[str | int]) -> str | None:
    """Return the name of the innermost layer on the way to a value."""
    value, name = root, None
    for number, step in enumerate(steps):
        value = value[step]
        if is_mapping(value) and isinstance(step, int) and steps[number - 1] == "layers":
            config = value.get("config")
            found = config.get("name") if is_mapping(config) else value.get("name")
            name = found if isinstance(found, str) else name
    return name
