"""`keras-ascii git`: set git up to show saved models as drawings, and what git then runs."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from keras_ascii_tools.commands.parsing import RAW_TEXT
from keras_ascii_tools.commands.terminal import Terminal

if TYPE_CHECKING:
    from keras_ascii_tools.options import DiffOptions

__all__ = ["add_arguments", "run"]

_EXAMPLES = """\
examples:
  keras-ascii git install             this repository: git diff, log -p, show, blame draw *.keras, *.h5, *.hdf5
  keras-ascii git install --global    all of your repositories
  keras-ascii git install --driver    git diff says what changed; log -p, show and blame still draw
  keras-ascii git status
  keras-ascii git uninstall

exit status: 0; 1 from 'status' if git is not set up, or not as this release would do it; 2 if anything went wrong
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.description = "Set git up to show saved models as drawings. Says everything that it changes."
    command.epilog = _EXAMPLES
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)
    install = actions.add_parser("install", help="set git up", formatter_class=RAW_TEXT)
    install.add_argument(
        "--driver",
        action="store_true",
        help="also set an external diff driver: 'git diff' then says what changed between two matched architectures",
    )
    install.add_argument(
        "--no-cache", dest="cache", action="store_false", help="do not let git remember drawings of this repository"
    )
    uninstall = actions.add_parser("uninstall", help="take out what install set up", formatter_class=RAW_TEXT)
    for action in (install, uninstall):
        scope = action.add_mutually_exclusive_group()
        scope.add_argument(
            "--local", dest="scope", action="store_const", const="local", help="this repository (the default)"
        )
        scope.add_argument(
            "--global", dest="scope", action="store_const", const="global", help="all repositories of this user"
        )
        action.set_defaults(scope="local")
    actions.add_parser("status", help="tell how git is set up", formatter_class=RAW_TEXT)
    driver = actions.add_parser("driver", help="what git runs after 'install --driver'; not for people")
    driver.add_argument("arguments", nargs="+", metavar="ARGUMENT", help="as git gives them, 7 or 9")
    tool = actions.add_parser("difftool", help="what 'git difftool -t keras-ascii' runs")
    for name in ("local", "remote"):
        tool.add_argument(name, metavar=name.upper())
    tool.add_argument("name", nargs="?", default="", metavar="NAME", help="of the file in the repository")


def run(given: argparse.Namespace) -> int:
    """Do one of the actions."""
    return _ACTIONS[given.action](given)


def _install(given: argparse.Namespace) -> int:
    from keras_ascii_tools.git.attributes import LINES
    from keras_ascii_tools.git.install import Place, install, stores_pointers

    place = Place.of(given.scope)
    cache = given.cache and place.scope == "local"
    if cache and stores_pointers():
        print("git-lfs keeps models of this repository: git does not remember drawings, it would remember pointers")
        cache = False
    done = list(install(place, driver=given.driver, cache=cache))
    _report(done, "nothing to do: git is set up already")
    if place.scope == "local":
        print("\nEverybody who clones runs this once. To share the attributes, commit a .gitattributes with:")
        print("".join(f"  {line}\n" for line in LINES), end="")
    print("\nTry: git diff; git show; git log -p MODEL.keras; git blame MODEL.keras; git difftool -y -t keras-ascii")
    return 0


def _uninstall(given: argparse.Namespace) -> int:
    from keras_ascii_tools.git.install import Place, uninstall

    place = Place.of(given.scope)
    _report(list(uninstall(place)), f"nothing to do: git was not set up ({place.scope})")
    return 0


def _status(given: argparse.Namespace) -> int:
    from keras_ascii_tools.git.install import status
    from keras_ascii_tools.git.settings import TEXTCONV

    del given
    found = status()
    for key, value in found.settings.items():
        print(f"{key} = {value}{'  [of another release]' if key in found.stale else ''}")
    for pattern, value in found.attributes.items():
        print(f"{pattern}: diff={value}{'' if value == 'keras' else '  [not drawn]'}")
    if found.remembered:
        print(f"git remembers {found.remembered:,} drawings")
    if TEXTCONV not in found.settings:
        print("not set up: run 'keras-ascii git install'")
    elif not found.attributes:
        print("set up; no repository here")
    elif not found.works:
        print("not all is set up as this release does it: run 'keras-ascii git install'")
    else:
        print("set up: git shows drawings")
    return 0 if found.works else 1


def _report(done: list[str], otherwise: str) -> None:
    print("\n".join(done) if done else otherwise)


def _driver(given: argparse.Namespace) -> int:
    from keras_ascii_tools.git.driver import driver

    _print(driver(given.arguments, _options()))
    return 0


def _difftool(given: argparse.Namespace) -> int:
    from keras_ascii_tools.escape import visible
    from keras_ascii_tools.git.driver import changed

    name = f"{visible(given.name)}\n" if given.name else ""
    _print(f"{name}{changed(given.local, given.remote, _options())}\n")
    return 0


def _options() -> DiffOptions:
    """What git would show on its own output, which may be a pager."""
    from keras_ascii_tools.git_command import try_git
    from keras_ascii_tools.options import DiffOptions

    is_terminal = sys.stdout.isatty() or bool(os.environ.get("GIT_PAGER_IN_USE"))
    color = try_git("config", "--get-colorbool", "color.diff", "true" if is_terminal else "false")
    terminal = Terminal.of(sys.stdout, "never")
    return DiffOptions.of({"charset": terminal.charset, "color": color == "true", "width": _width(is_terminal)})


def _width(is_terminal: bool) -> int | None:
    try:
        return max(os.get_terminal_size(sys.stderr.fileno()).columns, 60) if is_terminal else None
    except (OSError, ValueError):
        return None


def _print(text: str) -> None:
    Terminal.of(sys.stdout, "never").show(text, pager=False)


_ACTIONS = {
    "install": _install,
    "uninstall": _uninstall,
    "status": _status,
    "driver": _driver,
    "difftool": _difftool,
}
