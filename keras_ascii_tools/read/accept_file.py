"""A TOML file of findings that are accepted -> records of them (`docs/diff.md`). Strict: a slip would hide a break."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import cast

from keras_ascii_tools.diff import Check
from keras_ascii_tools.diff.accepting import Accepted
from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.escape import visible

__all__ = ["parse_accept_file", "read_accept_file"]

_MAX_BYTES = 1 << 20
_KEYS = ("check", "reason", "layer", "expires")
_EXPECTED = "expected tables [[accept]] with check and reason, and if wanted layer and expires"


def read_accept_file(path: str) -> tuple[Accepted, ...]:
    """Read a file of accepted findings.

    Raises:
        SourceError: It cannot be read, or says something that it cannot say; names the entry.
    """
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
        if len(data) > _MAX_BYTES:
            raise SourceError("larger than 1 MiB")
        return parse_accept_file(data.decode("utf-8"))
    except OSError as error:
        raise SourceError(f"{visible(path)}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise SourceError(f"{visible(path)}: not UTF-8") from error
    except SourceError as error:
        raise SourceError(f"{visible(path)}: {error}") from error


def parse_accept_file(text: str) -> tuple[Accepted, ...]:
    """Read the text of such a file.

    Raises:
        SourceError: It says something that it cannot say; names the entry.
    """
    try:
        document = tomllib.loads(text)
    except RecursionError as error:
        raise SourceError("not TOML: nested too deeply") from error
    except ValueError as error:
        raise SourceError(f"not TOML: {error}") from error
    entries = document.get("accept", [])
    if set(document) - {"accept"} or not isinstance(entries, list):
        raise SourceError(f"{_EXPECTED}, got {', '.join(sorted(document))}")
    return tuple(_entry(entry, f"entry {number}") for number, entry in enumerate(cast("list[object]", entries), 1))


def _entry(value: object, where: str) -> Accepted:
    if not isinstance(value, Mapping):
        raise SourceError(f"{where}: {_EXPECTED}")
    entry = cast("Mapping[str, object]", value)
    for key in entry:
        if key not in _KEYS:
            raise SourceError(f"{where}: no key {key!r}; have {', '.join(_KEYS)}")
    reason = _text(entry, "reason", where)
    if not reason or not reason.strip():
        raise SourceError(f"{where}: no reason; say why it is intended")
    return Accepted(
        check=_check(_text(entry, "check", where), where),
        reason=reason.strip(),
        layer=_text(entry, "layer", where),
        expires=_day(entry.get("expires"), where),
    )


def _text(entry: Mapping[str, object], key: str, where: str) -> str | None:
    value = entry.get(key)
    if value is not None and not isinstance(value, str):
        raise SourceError(f"{where}: {key}: expected a text, got {value!r}")
    return value


def _check(name: str | None, where: str) -> Check:
    known = [check.value for check in Check]
    if name is None:
        raise SourceError(f"{where}: no check; expected one of {', '.join(known)}")
    if name not in known:
        close = get_close_matches(name, known, 1)
        raise SourceError(f"{where}: no check {name!r}{f'; did you mean {close[0]!r}?' if close else ''}")
    return Check(name)


def _day(value: object, where: str) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise SourceError(f"{where}: expires: expected a day such as 2027-01-31, without quotes, got {value!r}")
