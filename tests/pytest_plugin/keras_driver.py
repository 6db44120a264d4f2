"""Runs pytest several times in one process, so that Keras is imported once: `python keras_driver.py RUNS.json`.

Each run is a list of arguments and a mapping of environment variables. Names that Keras makes up go on counting from
run to run, as they do in a long test session. Prints the exit statuses as JSON.
"""

from __future__ import annotations

import json
import os
import sys

import pytest


def main() -> None:
    """Run them."""
    with open(sys.argv[1], encoding="utf-8") as stream:
        runs = json.load(stream)
    codes = []
    for arguments, variables in runs:
        before = {name: os.environ.get(name) for name in variables}
        os.environ.update(variables)
        codes.append(int(pytest.main(arguments)))
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
    print("\n" + json.dumps(codes))


main()
