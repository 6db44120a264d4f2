"""Writers: a graph -> text. To write another format: a module `to_x.py`, and a line in `FORMATS`."""

from keras_ascii_tools.write.drawing import FORMATS, Drawing, draw_graph

__all__ = ["FORMATS", "Drawing", "draw_graph"]
