"""The JSON of a model -> its objects, names, texts and numbers, each looked at by the rules for it. Knows no rule.

Reads what Python's `json` reads, so also `NaN`; bounded in size and number of values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any, Final, TypeAlias

from keras_ascii_tools.check.config_rules import CODE_RULES, NUMBER_RULES, OBJECT_RULES, Doubled, Value
from keras_ascii_tools.check.findings import Findings, Place
from keras_ascii_tools.check.text_rules import NAME_RULES, TEXT_RULES
from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.read.guards import Config, is_list, is_mapping
from keras_ascii_tools.read.keras_json import parse

__all__ = ["check_json"]

_MAX_VALUES: Final = 2_000_000
_LONGEST_INTEGER: Final = 40

_Step: TypeAlias = "tuple[_Step | None, str | int]"
_Item: TypeAlias = "tuple[Any, _Step | None, bool, bool]"
"""A value, the way to it, whether it is a layer, and whether it is in an object that was found to be code."""

_NAMES: Final = frozenset({"name", "class_name", "registered_name", "module", "spec_name"})
_DATA: Final = frozenset({"vocabulary", "code"})
"""Keys of what a user's data fill, which may hold any character, and of code, which another rule finds."""
_REFERENCES: Final = frozenset({"keras_history", "inbound_nodes", "input_layers", "output_layers"})
"""Keys under which names stand again."""
_INNER: Final = frozenset({"layer", "cell", "backward_layer", "forward_layer"})


def check_json(text: str | bytes, part: str, findings: Findings) -> None:
    """Look at a JSON text; one that cannot be read is noted."""
    try:
        root: Any = parse(text, "the JSON", object_pairs_hook=_object, parse_int=_integer)
    except SourceError as error:
        findings.could_not_read(part, str(error))
        return
    if isinstance(root, str):  # a document in a string: `json.dump(model.to_json(), file)`
        check_json(root, part, findings)
    else:
        _check_value(root, part, findings)


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


def _check_value(root: Any, part: str, findings: Findings) -> None:
    pending: list[_Item] = [(root, None, False, False)]
    seen = 0
    while pending:
        value, way, in_layers, in_code = pending.pop()
        seen += 1
        if seen > _MAX_VALUES:
            findings.could_not_read(part, f"more than {_MAX_VALUES:,} values; the rest was not looked at")
            return
        if isinstance(value, str):
            _check_text(value, root, way, in_code, part, findings)
        elif isinstance(value, bool) or value is None or isinstance(value, float):
            continue
        elif isinstance(value, int):
            thing = Value(value, _key(way), in_layers=False)
            findings.apply(NUMBER_RULES, thing, partial(_place, root, way, part))
        elif is_mapping(value):
            thing = Value(value, _key(way), in_layers)
            place = partial(_place, root, way, part)
            in_code = findings.apply(CODE_RULES, thing, place) or in_code
            findings.apply(OBJECT_RULES, thing, place)
            pending += reversed(list(_members(value, way, in_code, root, part, findings)))
        elif is_list(value):
            layers = way is not None and way[1] == "layers"
            items = [(item, (way, index), layers, in_code) for index, item in enumerate(value) if _matters(item)]
            pending += reversed(items)


def _matters(item: Any) -> bool:
    """Tell whether an item of a list is to be looked at: those of constants are millions of small numbers."""
    return not isinstance(item, float) and (type(item) is not int or item > 0xFFFF)


def _members(
    value: Config, way: _Step | None, in_code: bool, root: Any, part: str, findings: Findings
) -> Iterator[_Item]:
    for key, item in value.items():
        step = (way, key)
        if not key.isidentifier() or not key.isascii():
            findings.apply(NAME_RULES[1:], key, partial(_place, root, step, part))
        if key not in _DATA or is_mapping(item):
            yield item, step, key in _INNER, in_code


def _check_text(text: str, root: Any, way: _Step | None, in_code: bool, part: str, findings: Findings) -> None:
    if text.isidentifier() and text.isascii() and len(text) < 40:
        return  # most of them
    key = _key(way)
    if key in _REFERENCES:
        return
    rules = NAME_RULES if key in _NAMES else TEXT_RULES[1:] if in_code else TEXT_RULES
    findings.apply(rules, text, partial(_place, root, way, part))


def _key(way: _Step | None) -> str:
    """Return the key under which a value stands, in lists or not."""
    while way is not None and isinstance(way[1], int):
        way = way[0]
    return "" if way is None else str(way[1])


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
