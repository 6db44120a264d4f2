"""`keras-ascii check`: what is dangerous or doubtful in saved models, without running anything of them."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from keras_ascii_tools.commands.parsing import output_arguments
from keras_ascii_tools.commands.terminal import Terminal
from keras_ascii_tools.commands.trouble import TROUBLE, say
from keras_ascii_tools.errors import SourceError
from keras_ascii_tools.escape import visible

if TYPE_CHECKING:
    from keras_ascii_tools.check import Report

__all__ = ["add_arguments", "run"]

FOUND = 1
_EXAMPLES = """\
examples:
  keras-ascii check model.keras
  keras-ascii check downloads/ 'models/*.h5' https://example.org/model.keras
  keras-ascii check model.keras --fail-on danger
  keras-ascii check model.keras --format json

danger: who loads the file may run code of it, or read or write what is outside it
doubt:  not what Keras writes by itself, or not to be judged from the file alone

exit status: 0 nothing found; 1 something was found; 2 a file, or a part of one, could not be read
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.description = "Say what is dangerous or doubtful in saved models. Nothing of them is run or loaded."
    command.epilog = _EXAMPLES
    command.add_argument(
        "targets",
        nargs="+",
        metavar="FILE",
        help="a saved model of any format, a folder of them, a pattern such as 'models/*.h5', a URL, "
        "or - for standard input",
    )
    command.add_argument(
        "--fail-on",
        choices=("danger", "doubt"),
        default="doubt",
        help="exit with 1 for these and worse findings; all are shown (default: doubt)",
    )
    command.add_argument("--format", choices=("text", "json"), default="text", help="(default: text)")
    output_arguments(command)


def run(given: argparse.Namespace) -> int:
    """Check every file; one that cannot be read is said and does not stop the rest."""
    from keras_ascii_tools.check import Report, report_lines, reports_to_json
    from keras_ascii_tools.commands.many import each
    from keras_ascii_tools.commands.targets import expand, is_local_file
    from keras_ascii_tools.read.target import target_name

    targets, errors = expand(given.targets, weights=True)
    failed = [(target, str(error)) for target, error in errors]
    reports: list[Report] = []
    local = all(map(is_local_file, targets))
    for target, result in each(_report, targets, local=local, remote=all("://" in target for target in targets)):
        if isinstance(result, Report):
            reports.append(result)
        elif given.debug:
            raise result
        else:
            failed.append((target_name(target), str(result)))
    if given.format == "json":
        text = reports_to_json(reports, failed)
    else:
        text = "".join(f"{line}\n" for report in reports for line in report_lines(report))
    Terminal.of(sys.stdout, given.color).show(text, pager=given.pager)
    for _, reason in failed:
        say(visible(reason))
    for report in reports:
        for part in report.unread:
            say(visible(f"{report.target}: {part.part + ': ' if part.part else ''}{part.reason}"))
    return _status(reports, failed, given.fail_on)


def _report(target: str) -> Report:
    from keras_ascii_tools.check import check_source
    from keras_ascii_tools.commands.progress import progress
    from keras_ascii_tools.read.target import is_git_target, is_live_target, open_path, target_name, window_of_stream

    if target == "-":
        return check_source(window_of_stream(sys.stdin.buffer), "standard input")
    name = target_name(target)
    if is_git_target(target):
        from keras_ascii_tools.read.from_git import open_blob

        with open_blob(target) as window:
            return check_source(window, target)
    if is_live_target(target):
        raise SourceError(f"{target}: code, which would have to be run; a check reads files")
    try:
        with progress(target), open_path(target) as source:
            return check_source(source, name, None if "://" in target else target)
    except SourceError as error:
        raise SourceError(f"{visible(name)}: {error}") from error


def _status(reports: list[Report], failed: list[tuple[str, str]], fail_on: str) -> int:
    from keras_ascii_tools.check import DANGER

    if failed or any(report.unread for report in reports):
        return TROUBLE
    counted = [
        finding for report in reports for finding in report.findings if fail_on != DANGER or finding.severity == DANGER
    ]
    return FOUND if counted else 0
