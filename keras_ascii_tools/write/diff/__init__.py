"""Writers of what changed: ModelDiff -> text. To write another format: a module `to_x.py`, and a line in `FORMATS`."""

from keras_ascii_tools.write.diff.drawn import FORMATS, DrawnDiff, draw_diff

__all__ = ["FORMATS", "DrawnDiff", "draw_diff"]
