"""What a run was told to do: options, settings and environment, read once. Knows nothing of the core."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

__all__ = ["Settings", "cache_folder", "in_ci", "node_for_command", "path_for_command", "quoted_path"]

_OTHER_CI = ("GITHUB_ACTIONS", "TF_BUILD", "GITLAB_CI", "BUILDKITE", "JENKINS_URL", "TEAMCITY_VERSION", "BUILD_NUMBER")
_NO = {"", "0", "false", "no", "off"}


def in_ci(environment: Mapping[str, str]) -> bool:
    """Tell whether this is CI. `CI` decides, where it says something: `false` is no CI; else what services set."""
    if environment.get("CI", ""):
        return environment["CI"].strip().lower() not in _NO
    return any(environment.get(name, "").strip().lower() not in _NO for name in _OTHER_CI)


@dataclass(frozen=True, slots=True)
class Settings:
    """How to treat snapshots in this run."""

    update: str
    """`none`; `new`: write missing ones; `all`: write missing and changed ones."""
    prune: bool
    ci: bool
    level: str
    ignore: tuple[str, ...]
    stale: str
    """`ignore`, `warn` or `fail`."""
    max_lines: int
    """Lines of a drawing or diff in a failure; 0 for all."""
    verbosity: int
    github: bool
    """Whether this is GitHub Actions, and it is to be told."""
    reports: tuple[str, ...]

    @classmethod
    def of(cls, config: pytest.Config) -> Settings:
        """Read them from a config that has been checked."""
        said = config.getoption("keras_ascii_ci")
        ci = in_ci(os.environ) if said is None else bool(said)
        verbosity = int(getattr(config.option, "verbose", 0))  # the option is the terminal plugin's
        most = int(config.getini("keras_ascii_max_lines"))
        stale = str(config.getini("keras_ascii_stale"))
        new = config.getoption("keras_ascii_update_new")
        reports: list[str] = config.getoption("keras_ascii_report") or []
        return cls(
            update="all" if config.getoption("keras_ascii_update") else "new" if new else "none",
            prune=bool(config.getoption("keras_ascii_prune")),
            ci=ci,
            level=str(config.getini("keras_ascii_level")),
            ignore=tuple(config.getini("keras_ascii_ignore")),
            stale=("fail" if ci else "warn") if stale == "auto" else stale,
            max_lines=0 if verbosity > 1 else most * 4 if verbosity == 1 else most,
            verbosity=verbosity,
            github=os.environ.get("GITHUB_ACTIONS") == "true" and config.getini("keras_ascii_github") == "auto",
            reports=tuple(reports),
        )


def cache_folder(config: pytest.Config) -> Path:
    """Return pytest's cache folder, whether it exists or not."""
    return config.rootpath / os.path.expanduser(os.path.expandvars(str(config.getini("cache_dir"))))


def node_for_command(config: pytest.Config, nodeid: str) -> str:
    """Return a node id as it has to be typed where pytest was started, quoted for a shell."""
    path, colons, rest = nodeid.partition("::")
    start = config.invocation_params.dir
    if start != config.rootpath:
        path = path_for_command(config, config.rootpath / path)
    return _quoted(path + colons + rest)


def path_for_command(config: pytest.Config, path: Path) -> str:
    """Return a path as it has to be typed where pytest was started."""
    try:
        return os.path.relpath(path, config.invocation_params.dir).replace(os.sep, "/")
    except ValueError:  # on another drive
        return str(path)


def quoted_path(config: pytest.Config, path: Path) -> str:
    """Return the same, quoted for a shell."""
    return _quoted(path_for_command(config, path))


def _quoted(text: str) -> str:
    if os.name == "nt":
        return f'"{text}"' if set(text) & set(" []()&;,=") else text
    # A node id mostly needs quotes for its brackets only, and double ones work in every shell.
    return f'"{text}"' if set(text) & set(" []:") and not set(text) & set('"\\$`!') else shlex.quote(text)
