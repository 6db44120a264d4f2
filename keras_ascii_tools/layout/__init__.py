"""Turns a wiring (who uses whom) into a diagram (rows, columns, connections). Knows no layers, names or characters.

One row per node, and the connections on the row itself. A *lane* carries what one node makes: it starts at the node and
goes straight down in the node's column to its last use. Four rules make a diagram readable row by row, by a person or a
program that keeps in mind which lane is in which column:

- A row's node uses the lanes that its *run* joins, left and right of it, and the lane that stands directly above it.
  That one ends there; of the others a cell tells whether they go on (`UP + DOWN`) or end (`UP`).
- A run passes a lane without using it where the cell has `UP + DOWN` alone.
- Whether a node has a lane at all shows in the next row: its column goes on there, or it does not.
- A node directly below another one uses it, unless nothing at all uses the upper one, which writers have to mark. No
  node is ever put below another one that has uses, but none there and no lane.

More than `max_lanes` never lie side by side. A lane that is one too many is *cut*: the one whose next use is furthest
away. The use before that looks as if it were its last; if there was none, it has no lane from the start. Further down
it is a *reference* of the rows that use it. So a diagram is at most `max_lanes` wide; or 2, if that is 1, because a
node without a lane and a node that does not use it cannot stand one below the other.

Every step takes time in proportion to nodes and edges, and none recurses:

1. `order`: branch by branch, first what nothing comes back from, joined as soon as possible. Then `slide`: chains that
   can wait move down to where they are needed. Then `narrow`: a bounded search where more lanes than needed lie side by
   side.
2. `lanes`: how far down each lane is drawn.
3. `columns`: from the last row up, so that nested branches open in the order in which they close.
4. `laying`: the cells and connections of every row.
"""

from keras_ascii_tools.layout.diagram import DOWN, LEFT, NODE, RIGHT, UP, Diagram, Row, crossings
from keras_ascii_tools.layout.laying import lay_out
from keras_ascii_tools.layout.order import order_rows
from keras_ascii_tools.layout.wiring import Wiring

__all__ = ["DOWN", "LEFT", "NODE", "RIGHT", "UP", "Diagram", "Row", "Wiring", "crossings", "lay_out", "order_rows"]
