"""Wiring -> Diagram."""

from keras_ascii_tools.layout.diagram import DOWN, LEFT, NODE, RIGHT, UP, Diagram, Row, crossings
from keras_ascii_tools.layout.laying import lay_out
from keras_ascii_tools.layout.order import order_rows
from keras_ascii_tools.layout.wiring import Wiring

__all__ = ["DOWN", "LEFT", "NODE", "RIGHT", "UP", "Diagram", "Row", "Wiring", "crossings", "lay_out", "order_rows"]
