"""The parts of the command `keras-ascii`: a module for each of its commands, loaded when it is given.

Another command: a module here, and a line in `COMMANDS`. The module has `add_arguments(parser)`, which also gives the
parser its description, and `run(given) -> int`, which returns the exit status. It prints, and raises `KerasAsciiError`
for what the user has to know.
"""

from __future__ import annotations

__all__ = ["COMMANDS"]

COMMANDS: dict[str, tuple[str, str]] = {
    "show": ("show", "draw models"),
    "diff": ("diff", "say what changed between two models, and whether old weights still load"),
    "check": ("check", "say what is dangerous or doubtful in saved models"),
    "review": ("review", "look at snapshots that tests left pending, and decide"),
    "accept": ("accept", "make pending snapshots the stored ones"),
    "reject": ("reject", "drop pending snapshots"),
    "pending": ("pending", "list pending snapshots"),
    "glyphs": ("glyphs", "explain the signs"),
    "drawings": ("drawings", "check, or write, the drawings that stand beside saved models"),
    "ci": ("ci", "report what a change does to models, in a pull or merge request"),
    "git": ("git", "set git up to show saved models as drawings"),
    "textconv": ("textconv", "print the text of a saved model, for git"),
}
"""Command -> the module here that has it, and the line for `keras-ascii --help`, in the order of the help."""
