"""The settings `keras_ascii_*` of `conf.py`: one table, checked before anything is read."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sphinx.util import logging

from sphinx_keras_ascii.options import DEFAULTS, SETTINGS, combined, combined_for_diff

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

    import keras_ascii_tools as kat
    from sphinx_keras_ascii.processes import Workplace

__all__ = [
    "add_settings",
    "cache_folder",
    "check_settings",
    "diff_options",
    "drawing_options",
    "meaning_of_requests",
    "workplace",
]

MODES = ("auto", "force", "cached", "static", "off")
DESCRIPTIONS = ("hidden", "list", "none")
WRAPPERS = ("figure", "listing")
_CHOICES = {
    "keras_ascii_mode": MODES,
    "keras_ascii_description": DESCRIPTIONS,
    "keras_ascii_wrapper": WRAPPERS,
}

logger = logging.getLogger(__name__)


class _Setting(NamedTuple):
    name: str
    default: Any
    types: tuple[type, ...]
    changes_pages: bool = False
    """Whether pages have to be read again when it changes."""


def _types_of(default: object) -> tuple[type, ...]:
    if isinstance(default, tuple):
        return (str, list, tuple, dict)
    return (int, type(None)) if default is None else (type(default),)


_TABLE = (
    _Setting("keras_ascii_mode", "auto", (str,)),
    _Setting("keras_ascii_cache_dir", "", (str, Path)),
    _Setting("keras_ascii_python", "", (str, Path)),
    _Setting("keras_ascii_env", {}, (dict,)),
    _Setting("keras_ascii_setup_code", "", (str,)),
    _Setting("keras_ascii_timeout", 300.0, (float, int)),
    _Setting("keras_ascii_builders", {}, (dict,), changes_pages=True),
    _Setting("keras_ascii_wrapper", "figure", (str,), changes_pages=True),
    _Setting("keras_ascii_description", "hidden", (str,), changes_pages=True),
    _Setting("keras_ascii_links", {}, (dict,), changes_pages=True),
    _Setting("keras_ascii_latex_min_size", 5.0, (float, int), changes_pages=True),
    _Setting("keras_ascii_autodoc", False, (bool,), changes_pages=True),
    *(_Setting(name, default, _types_of(default), changes_pages=True) for name, default in SETTINGS.items()),
)


def add_settings(app: Sphinx) -> None:
    """Declare the settings."""
    for setting in _TABLE:
        types = frozenset(setting.types)
        app.add_config_value(setting.name, setting.default, "env" if setting.changes_pages else "", types=types)


def check_settings(app: Sphinx, config: Config) -> None:
    """Warn of values that cannot be, and go on with the default."""
    for setting in _TABLE:
        reason = _fault(setting, config[setting.name])
        if reason is not None:
            text = f"conf.py: {reason}; the default is used, {setting.default!r}"
            logger.warning("%s", text, type="keras_ascii", subtype="option")
            config[setting.name] = setting.default


def _fault(setting: _Setting, value: Any) -> str | None:
    """Say in one line what is wrong with a value, if anything is."""
    name = setting.name
    if value == setting.default:
        return None
    if not any(isinstance(value, each) for each in setting.types):
        return f"{name}: expected {' or '.join(each.__name__ for each in setting.types)}, got {value!r}"
    if name in _CHOICES and value not in _CHOICES[name]:
        return f"{name}: expected one of {', '.join(_CHOICES[name])}, got {value!r}"
    if name in {"keras_ascii_timeout", "keras_ascii_latex_min_size"} and not value > 0:
        return f"{name}: expected a number above 0, got {value!r}"
    if name in {"keras_ascii_env", "keras_ascii_links"}:
        wrong = [pair for pair in value.items() if not all(isinstance(text, str) for text in pair)]
        return f"{name}: expected texts only, got {wrong[0][0]!r}: {wrong[0][1]!r}" if wrong else None
    if name in SETTINGS:
        return _fault_of_options({name: value}, "keras_ascii_")
    if name == "keras_ascii_builders":
        faults = (_fault_of_options(options, f"{name}[{builder!r}]: ") for builder, options in value.items())
        return next(filter(None, faults), None)
    return None


def _fault_of_options(options: Any, where: str) -> str | None:
    import keras_ascii_tools as kat

    try:
        combined({}, {key.removeprefix("keras_ascii_"): value for key, value in options.items()})
    except (kat.OptionError, TypeError, ValueError, AttributeError) as error:
        return f"{where}{error}"
    return None


def drawing_options(app: Sphinx, given: dict[str, Any]) -> kat.DrawOptions:
    """Return the options of a drawing: its own go before those of the builder at work, and these before all's."""
    return combined(*_levels(app), given)


def diff_options(app: Sphinx, given: dict[str, Any]) -> kat.DiffOptions:
    """Return the options of a diff, likewise."""
    return combined_for_diff(*_levels(app), given)


def _levels(app: Sphinx) -> list[dict[str, Any]]:
    mine = app.config.keras_ascii_builders
    names = dict.fromkeys((app.builder.format, app.builder.name))
    return [
        {name: app.config[name] for name in SETTINGS},
        *(table[name] for table in (DEFAULTS, mine) for name in names if name in table),
    ]


def cache_folder(app: Sphinx) -> Path:
    """Return where models are kept: with the doctrees, which all builders share, if nothing else was said."""
    chosen = app.config.keras_ascii_cache_dir
    return Path(app.confdir, chosen) if chosen else Path(app.doctreedir, "keras-ascii")


def workplace(app: Sphinx) -> Workplace:
    """Return how models are made."""
    from sphinx_keras_ascii.imports import is_project_folder
    from sphinx_keras_ascii.processes import Workplace

    config = app.config
    python = str(config.keras_ascii_python) or sys.executable
    path = [str(Path(entry).absolute()) for entry in sys.path if entry and Path(entry).is_dir()]
    return Workplace(
        folder=Path(app.srcdir),
        python=python,
        path=tuple(filter(is_project_folder, path)),
        env=config.keras_ascii_env,
        setup=config.keras_ascii_setup_code,
        timeout=float(config.keras_ascii_timeout),
    )


def meaning_of_requests(config: Config) -> str:
    """Return the settings that may change what a request means, as one text."""
    relevant = [config.keras_ascii_env, config.keras_ascii_setup_code]
    return json.dumps(relevant, sort_keys=True) if any(relevant) else ""
