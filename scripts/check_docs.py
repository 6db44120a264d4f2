"""Check the Markdown files: every relative link resolves, every console example prints what it shows.

An example is a block fenced as `console` that begins with `$ keras-ascii`. Its commands run one by one, in a directory
that holds nothing but `examples/`; a line `...` stands for any number of lines of output. Blocks of other languages and
links to other sites are not looked at.

Run `python scripts/check_docs.py [FILE...]`; `--update` writes what the examples print into the files.
"""

from __future__ import annotations

import argparse
import difflib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent

FENCE = re.compile(r"^(?P<ticks>`{3,}|~{3,})(?P<language>[^\n`]*)\n(?P<body>.*?)^(?P=ticks)[ \t]*$", re.M | re.S)
INLINE_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\[[^\]]+\]:\s*(\S+)", re.M)
HEADING = re.compile(r"^#+[ \t]+(.+?)[ \t]*#*$", re.M)
SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.I)


def main() -> int:
    """Check the files given, or all; return the exit status."""
    parser = argparse.ArgumentParser(description="Check the links and the console examples of Markdown files.")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="default: all of the project")
    parser.add_argument("--update", action="store_true", help="write what the examples print into the files")
    arguments = parser.parse_args()
    examples = faults = 0
    files = [path.resolve() for path in arguments.files] or sorted(markdown_files())
    for path in files:
        text = path.read_text(encoding="utf-8")
        checked, found, updated = run_examples(text)
        if arguments.update and updated != text:
            path.write_text(updated, encoding="utf-8")
            print(f"{path.relative_to(ROOT)}: updated")
            found = []
        found += broken_links(path, text)
        for line, fault in found:
            print(f"{path.relative_to(ROOT)}:{line}: {fault}")
        examples += checked
        faults += len(found)
    print(f"{len(files)} Markdown files, {examples} console commands, {faults} faults")
    return 1 if faults else 0


def markdown_files() -> Iterator[Path]:
    """The project's Markdown files, without those of environments and caches."""
    for directory, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in {"build", "dist", "_build"}]
        yield from (Path(directory, name) for name in names if name.endswith(".md"))


def broken_links(path: Path, text: str) -> list[tuple[int, str]]:
    """The relative links that lead to no file, or to no heading of a Markdown file; with their lines."""
    prose = INLINE_CODE.sub(blank, FENCE.sub(blank, text))
    faults: list[tuple[int, str]] = []
    for match in LINK.finditer(prose):
        link = match[1] or match[2]
        if SCHEME.match(link):
            continue
        name, _, anchor = unquote(link).partition("#")
        target = (path.parent / name) if name else path
        if not target.exists():
            faults.append((line_of(prose, match.start()), f"no such file: {link}"))
        elif anchor and target.suffix == ".md" and anchor not in anchors(target.read_text(encoding="utf-8")):
            faults.append((line_of(prose, match.start()), f"no such heading: {link}"))
    return faults


def anchors(text: str) -> set[str]:
    """The anchors of a file's headings, as GitHub makes them."""
    headings = (match[1].lower() for match in HEADING.finditer(FENCE.sub(blank, text)))
    return {re.sub(r"[^\w\- ]", "", heading).replace(" ", "-") for heading in headings}


def run_examples(text: str) -> tuple[int, list[tuple[int, str]], str]:
    """Run a file's console examples; return how many commands ran, the faults, and the text as it should be."""
    count = 0
    faults: list[tuple[int, str]] = []
    pieces: list[str] = []
    end = 0
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        if (ROOT / "examples").is_dir():
            shutil.copytree(ROOT / "examples", directory / "examples")
        for block in FENCE.finditer(text):
            if block["language"].strip() != "console" or not block["body"].startswith("$ keras-ascii"):
                continue
            pieces.append(text[end : block.start("body")])
            end = block.end("body")
            for command, expected, actual in run_block(block["body"], directory):
                count += 1
                right = matches(expected, actual)
                pieces.append(f"$ {command}\n{expected if right else actual}")
                if not right:
                    faults.append((line_of(text, block.start()), difference(command, expected, actual)))
    return count, faults, "".join([*pieces, text[end:]])


def run_block(body: str, directory: Path) -> Iterator[tuple[str, str, str]]:
    """Run the commands of a console block; yield each with the output that it shows and the output that it has."""
    status = 0
    for command, expected in commands_of(body):
        actual, status = run(command, status, directory)
        yield command, expected, actual


def commands_of(block: str) -> list[tuple[str, str]]:
    """The commands of a console block, each with the output that is shown below it."""
    parts = re.split(r"^\$ (.*)\n", block, flags=re.M)[1:]
    return list(zip(parts[::2], parts[1::2], strict=True))


def run(command: str, status: int, directory: Path) -> tuple[str, int]:
    """Run a shell command after one that exited with `status`; return what it printed and its own status."""
    kept = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "LINES", "FORCE_COLOR"}}
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    done = subprocess.run(
        ["sh", "-c", f"(exit {status}); {command}"],
        cwd=directory,
        env=kept | {"PATH": path, "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines()), done.returncode


def matches(expected: str, actual: str) -> bool:
    """Tell whether the output is the one shown, in which a line `...` stands for any lines."""
    pattern = "".join("(?:.*\n)*?" if line == "..." else f"{re.escape(line)}\n" for line in expected.splitlines())
    return re.fullmatch(pattern, actual) is not None


def difference(command: str, expected: str, actual: str) -> str:
    """The command, and a unified diff of its outputs below it."""
    lines = difflib.unified_diff(expected.splitlines(), actual.splitlines(), "shown", "printed", lineterm="")
    return "\n    ".join([f"$ {command}", *lines])


def line_of(text: str, position: int) -> int:
    """The number of the line that holds a position."""
    return text.count("\n", 0, position) + 1


def blank(match: re.Match[str]) -> str:
    """As many lines as the match has, with nothing in them."""
    return "\n" * match[0].count("\n")


if __name__ == "__main__":
    sys.exit(main())
