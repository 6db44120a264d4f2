"""Write anew the golden drawings of `tests/drawings/` and the examples of `docs/notation.md`. Needs Keras.

The models are those of `tests/models/zoo.py`.

Read the difference before you commit it: a changed drawing is a change for users, and belongs into the changelog.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def main() -> None:
    """Write every file."""
    import keras_ascii_tools as kat
    from tests.golden import DRAWINGS, FOLDER, NAMES, drawn, with_examples
    from tests.models.zoo import ZOO

    for name in NAMES:
        graph = kat.read(ZOO[name]())
        (FOLDER / f"{name}.json").write_text(kat.draw(graph).to("json"), encoding="utf-8")
        for kind in DRAWINGS:
            (FOLDER / f"{name}.{kind}.txt").write_text(drawn(name, kind), encoding="utf-8")
    page = ROOT / "docs" / "notation.md"
    page.write_text(with_examples(page.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"{len(NAMES)} models, {len(NAMES) * len(DRAWINGS)} drawings in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
