"""`keras-ascii ci`: report what a change does to the models of a repository, in a pull or merge request."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import sys
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from keras_ascii_tools.commands.trouble import TROUBLE, say
from keras_ascii_tools.errors import KerasAsciiError, OptionError, SourceError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from keras_ascii_tools.ci.files import Pair
    from keras_ascii_tools.ci.hosts import Review
    from keras_ascii_tools.ci.report import Result
    from keras_ascii_tools.diff.accepting import Accepted

__all__ = ["add_arguments", "run"]

COMMENT = ("changed", "always", "never")
FAIL_ON = ("names", "training", "graph", "weights", "signature", "never")
DIFFERENT = 1
_PREFIX = "KERAS_ASCII_CI_"
_SUMMARY_CHARS = 250_000
"""GitHub takes a summary of 1 MiB for each step; a character has up to four bytes."""
_EXAMPLES = """\
examples:
  keras-ascii ci --base main                      on any machine: print the report of this branch
  keras-ascii ci                                  in GitHub Actions or GitLab CI: summary, annotations, one comment
  keras-ascii ci 'models/**/*.keras'              only these files
  keras-ascii ci --compare snapshot.txt mypkg.models:build

Every option can be given as KERAS_ASCII_CI_NAME in the environment, too; several values as lines.

exit status: 0; 1 if there is a difference that --fail-on asks for; 2 if anything could not be compared
"""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.description = "Report what a change does to the models of a repository, in a pull or merge request."
    command.epilog = _EXAMPLES
    command.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="files to look at, as patterns of git (default: saved models and snapshots)",
    )
    command.add_argument("--base", metavar="REV", help="where the change begins (default: what CI says)")
    command.add_argument("--head", metavar="REV", help="what it ends with (default: HEAD)")
    command.add_argument(
        "--compare",
        nargs=2,
        action="append",
        metavar=("BEFORE", "AFTER"),
        help="two targets to compare, instead of files that changed; a target in Python code runs that code",
    )
    command.add_argument(
        "--comment", choices=COMMENT, help="when the request gets a comment (default: changed; else there is none)"
    )
    command.add_argument("--id", metavar="WORD", help="tells several reports of one request apart (default: models)")
    command.add_argument("--fail-on", choices=FAIL_ON, help="exit with 1 from this severity on (default: never)")
    command.add_argument("--accept", metavar="FILE", help="a TOML file of findings that are intended (docs/diff.md)")


def run(given: argparse.Namespace) -> int:
    """Compare, and say it in every place that CI has for it."""
    environment = os.environ
    try:
        return _run(_with_environment(given, environment), environment)
    except KerasAsciiError as error:
        if environment.get("GITHUB_ACTIONS") == "true":
            from keras_ascii_tools.write.diff.to_github import command

            print(command("error", str(error), title="keras-ascii"), end="")
        raise


def _run(given: argparse.Namespace, environment: Mapping[str, str]) -> int:
    from keras_ascii_tools.ci.comments import marker
    from keras_ascii_tools.ci.hosts import review_of
    from keras_ascii_tools.ci.report import annotations_of, compare, verdict
    from keras_ascii_tools.options import DiffOptions

    mark = marker(given.id)
    accepted = _accepted(given.accept)
    review = review_of(environment)
    results = compare(_pairs(given, review, environment), DiffOptions(), accepted, date.today())
    if environment.get("GITHUB_ACTIONS") == "true":
        print(annotations_of(results), end="")
    _summarize(results, environment)
    _outputs(verdict(results), environment)
    _comment(results, review, mark, given.comment)
    for result in results:
        if result.verdict == "TROUBLE":
            say(f"{result.pair.name}: {result.trouble}")
    if verdict(results) == "TROUBLE":
        return TROUBLE
    return DIFFERENT if _fails(results, given.fail_on) else 0


def _with_environment(given: argparse.Namespace, environment: Mapping[str, str]) -> argparse.Namespace:
    """Fill in what was not given on the command line from the environment, and then the defaults."""

    def said(name: str, choices: Sequence[str] = (), default: str | None = None) -> str | None:
        value = getattr(given, name) or environment.get(_PREFIX + name.upper(), "").strip() or default
        if choices and value not in choices:
            raise OptionError(f"{_PREFIX}{name.upper()}: expected one of {', '.join(choices)}, got {value!r}")
        return value

    compare = given.compare or list(_pairs_of_lines(environment.get(f"{_PREFIX}COMPARE", "")))
    return argparse.Namespace(
        paths=given.paths or environment.get(f"{_PREFIX}PATHS", "").split("\n"),
        base=said("base"),
        head=said("head", default="HEAD"),
        compare=compare,
        comment=said("comment", COMMENT, "changed"),
        id=said("id", default="models"),
        fail_on=said("fail_on", FAIL_ON, "never"),
        accept=said("accept"),
    )


def _pairs_of_lines(text: str) -> Iterator[list[str]]:
    for line in filter(str.strip, text.split("\n")):
        try:
            words = shlex.split(line)
        except ValueError as error:
            raise OptionError(f"{_PREFIX}COMPARE: {line.strip()!r}: {error}") from error
        if len(words) != 2:
            raise OptionError(f"{_PREFIX}COMPARE: expected two targets on each line, got {line.strip()!r}")
        yield words


def _accepted(path: str | None) -> tuple[Accepted, ...]:
    if path is None:
        return ()
    from keras_ascii_tools.read.accept_file import read_accept_file

    return read_accept_file(path)


def _pairs(given: argparse.Namespace, review: Review, environment: Mapping[str, str]) -> tuple[Pair, ...]:
    from keras_ascii_tools.ci.files import DEFAULT_PATHS, Pair, changed_files, merge_base
    from keras_ascii_tools.git_command import run_git

    if given.compare:
        return tuple(
            Pair(f"{before} → {after}", before, after, after if os.path.isfile(after) else "")
            for before, after in given.compare
        )
    head = run_git("rev-parse", "--verify", "--end-of-options", f"{given.head}^{{commit}}")
    base = given.base or _parent_of_merge(environment, head) or review.base
    if not base:
        raise SourceError("what does the change begin with? give --base REV, for example --base origin/main")
    paths = tuple(path.strip() for path in given.paths if path.strip())
    return changed_files(merge_base(base, head), head, paths or DEFAULT_PATHS)


def _parent_of_merge(environment: Mapping[str, str], head: str) -> str | None:
    """For a pull request, GitHub checks out its merge into the base: what it merges into is the first parent.

    That is here even where nothing older has been fetched.
    """
    from keras_ascii_tools.git_command import try_git

    if not re.fullmatch(r"refs/pull/\d+/merge", environment.get("GITHUB_REF", "")):
        return None
    if try_git("rev-parse", "--verify", "--quiet", f"{head}^2^{{commit}}") is None:
        return None
    return try_git("rev-parse", "--verify", "--quiet", f"{head}^1^{{commit}}")


def _summarize(results: Sequence[Result], environment: Mapping[str, str]) -> None:
    from keras_ascii_tools.ci.report import document

    path = environment.get("GITHUB_STEP_SUMMARY")
    if path:
        _append(path, document(results, _SUMMARY_CHARS))
    elif environment.get("GITHUB_ACTIONS") != "true":  # its log takes lines for commands
        print(document(results, _SUMMARY_CHARS), end="")


def _outputs(verdict: str, environment: Mapping[str, str]) -> None:
    path = environment.get("GITHUB_OUTPUT")
    if path:
        _append(path, f"verdict={verdict}\nchanged={'false' if verdict == 'SAME' else 'true'}\n")


def _append(path: str, text: str) -> None:
    try:
        with open(path, "a", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        raise SourceError(f"cannot write {path}: {error.strerror or error}") from error


def _comment(results: Sequence[Result], review: Review, mark: str, when: str) -> None:
    """Keep one comment. That this fails does not make the models differ, so it is said and no more."""
    from keras_ascii_tools.ci.comments import keep_comment
    from keras_ascii_tools.ci.http import ApiError
    from keras_ascii_tools.ci.report import document, verdict

    if when == "never":
        return
    if review.thread is None:
        say(f"no comment: {review.why_no_thread}")
        return
    wanted = when == "always" or verdict(results) != "SAME"
    body = document(results, review.thread.max_chars - len(mark)) if wanted else None
    try:
        say(f"comment: {keep_comment(review.thread, mark, body)}")
    except ApiError as error:
        hint = "; a request from a fork has a token that only reads: see the summary" if error.status == 403 else ""
        text = f"no comment: {error}{hint}"
        say(text)
        if os.environ.get("GITHUB_ACTIONS") == "true":
            from keras_ascii_tools.write.diff.to_github import command

            sys.stdout.write(command("warning", text, title="keras-ascii"))


def _fails(results: Sequence[Result], fail_on: str) -> bool:
    from keras_ascii_tools.diff import Severity

    if fail_on == "never":
        return False
    return any(result.severity is not None and result.severity >= Severity[fail_on.upper()] for result in results)
