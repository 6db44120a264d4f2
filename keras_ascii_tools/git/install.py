"""Set git up to show drawings of saved models, undo that, and tell how it stands. Says everything that it changes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.git.attributes import DRIVER, LINES, PATTERNS, add_lines, has_lines, remove_lines
from keras_ascii_tools.git.settings import CACHE, CACHE_REF, COMMAND, TEXTCONV, is_ours, settings
from keras_ascii_tools.git_command import run_git, try_git

__all__ = ["Place", "Status", "install", "status", "uninstall"]

Scope = Literal["local", "global"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where settings go: into one repository, or into those of a user for all."""

    scope: Scope
    config: str
    attributes: str

    @classmethod
    def of(cls, scope: Scope) -> Place:
        """Find the files of a scope.

        Raises:
            SourceError: There is no repository here to set up.
        """
        if scope == "global":
            return cls(scope, _global_config(), _global_attributes())
        if try_git("rev-parse", "--git-dir") is None:
            run_git("--version")  # says so if git itself is missing
            raise SourceError("no git repository here; change to one, or give --global to set up all of yours")
        config, attributes = (_shown(run_git("rev-parse", "--git-path", name)) for name in _LOCAL_FILES)
        return cls(scope, config, attributes)


_LOCAL_FILES = ("config", "info/attributes")


def install(place: Place, *, driver: bool, cache: bool) -> Iterator[str]:
    """Set git up; yield a line for each thing that was done.

    Raises:
        SourceError: Something else has the place that we need, or git refuses. Nothing was set up that works by half:
            what git reads is written first, what makes it read that comes last.
    """
    has_attributes = has_lines(place.attributes)
    for key in (TEXTCONV, COMMAND):
        value = _get(place, key)
        if value is not None and not is_ours(value):
            raise SourceError(
                f"{key} in {place.config} is '{value}' already; first git config --{place.scope} --unset {key}"
            )
    for key, value in settings(driver=driver, cache=cache).items():
        yield from _set(place, key, value)
    if place.scope == "local" and _forget_drawings():
        yield f"made git forget the drawings that it remembered ({CACHE_REF})"
    if not has_attributes and place.scope == "local" and set(_attributes("diff").values()) == {DRIVER}:
        yield f"left {place.attributes} alone: attributes are set elsewhere already, in .gitattributes for example"
    elif add_lines(place.attributes):
        yield f"wrote to {place.attributes}: {', '.join(LINES)}"


def uninstall(place: Place) -> Iterator[str]:
    """Take out what `install` set up; yield a line for each thing that was done."""
    if remove_lines(place.attributes):
        yield f"removed from {place.attributes}: {', '.join(LINES)}"
    for key in reversed(settings(driver=True, cache=True)):
        value = _get(place, key)
        # What stands under our names is ours, but for a command that somebody else put there.
        if value is not None and (key not in {TEXTCONV, COMMAND} or is_ours(value)):
            yield from _set(place, key, None)
    if place.scope == "local" and _forget_drawings():
        yield f"removed the drawings that git remembered ({CACHE_REF})"


@dataclass(frozen=True, slots=True)
class Status:
    """How git is set up, as it works in the folder where it is asked."""

    settings: dict[str, str]
    """Our settings that are in effect, and where each comes from: `key -> value (local)`."""
    stale: tuple[str, ...]
    """Keys whose value is not what this release would set."""
    attributes: dict[str, str]
    """By pattern, the value of the attribute `diff`; empty outside a repository."""
    remembered: int
    """How many drawings git remembers."""

    @property
    def works(self) -> bool:
        """Whether git shows drawings for every kind of file."""
        return TEXTCONV in self.settings and not self.stale and set(self.attributes.values()) <= {DRIVER}


def status() -> Status:
    """Look at how git is set up here."""
    found: dict[str, str] = {}
    stale: list[str] = []
    has_command = try_git("config", "--get", COMMAND) is not None
    cached = try_git("config", "--get", CACHE) == "true"
    for key, wanted in settings(driver=has_command, cache=cached).items():
        value = try_git("config", "--get", key)
        if value is not None:
            where = (try_git("config", "--show-scope", "--get", key) or "").partition("\t")[0]
            found[key] = f"{value} ({where})"
        if value != wanted and found:
            stale.append(key)
    inside = try_git("rev-parse", "--git-dir") is not None
    notes = try_git("ls-tree", "-r", "--name-only", CACHE_REF) if inside else None
    return Status(found, tuple(stale), _attributes("diff") if inside else {}, len((notes or "").split()))


def stores_pointers() -> bool:
    """Tell whether git-lfs keeps models of this repository; git would remember a pointer for the model."""
    names = try_git("ls-files", "-z", "--", *PATTERNS) or ""
    probes = "\0".join(filter(None, (*names.split("\0"), *map(_probe, PATTERNS))))
    answer = try_git("check-attr", "-z", "--stdin", "filter", stdin=probes + "\0") or ""
    return "lfs" in answer.split("\0")[2::3]


def _attributes(attribute: str) -> dict[str, str]:
    answers = {pattern: try_git("check-attr", "-z", attribute, "--", _probe(pattern)) for pattern in PATTERNS}
    return {pattern: (answer or "").split("\0")[2] for pattern, answer in answers.items() if answer}


def _probe(pattern: str) -> str:
    """A name that the pattern matches."""
    return pattern.replace("*", "model")


def _set(place: Place, key: str, value: str | None) -> Iterator[str]:
    before = _get(place, key)
    if before == value:
        return
    if value is None:
        run_git("config", f"--{place.scope}", "--unset-all", key)
        yield f"unset {key} in {place.config}"
    else:
        run_git("config", f"--{place.scope}", "--replace-all", key, value)
        yield f"set {key} in {place.config}: {value}"


def _get(place: Place, key: str) -> str | None:
    return try_git("config", f"--{place.scope}", "--get", key)


def _forget_drawings() -> bool:
    if try_git("rev-parse", "--verify", "--quiet", CACHE_REF) is None:
        return False
    run_git("update-ref", "-d", CACHE_REF)
    return True


def _global_config() -> str:
    home = os.environ.get("GIT_CONFIG_GLOBAL") or os.path.expanduser("~/.gitconfig")
    other = os.path.join(_config_home(), "git", "config")
    return _shown(other if os.path.exists(other) and not os.path.exists(home) else home)


def _global_attributes() -> str:
    chosen = try_git("config", "--global", "--type=path", "--get", "core.attributesFile")
    return _shown(chosen or os.path.join(_config_home(), "git", "attributes"))


def _config_home() -> str:
    return os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")


def _shown(path: str) -> str:
    """A path as a person writes it: from here, or in full."""
    near = os.path.relpath(path)
    return near if not near.startswith("..") else str(Path(path).absolute())
