"""What an HDF5 file holds, without the HDF5 library: groups, attributes, shapes and types, never the data.

Safe with any bytes: follows nothing out of the file; reads, opens and nests no more than it is allowed to. Damage is a
`SourceError`; what is only not followed or not understood is among the findings: `soft link`, `external link`,
`user-defined link`, `cycle`, `external data`, `virtual data`, `named type`, `unknown object`, `unknown message`,
`unread attribute`, `unread type`. Knows nothing of Keras.
"""

from keras_ascii_tools.read.hdf5.attributes import Attributes, Scalar, Value
from keras_ascii_tools.read.hdf5.datatypes import Datatype, Shape
from keras_ascii_tools.read.hdf5.file import Hdf5File, open_hdf5
from keras_ascii_tools.read.hdf5.objects import Dataset, Group, Node
from keras_ascii_tools.read.hdf5.store import Finding
from keras_ascii_tools.read.hdf5.superblock import SIGNATURE

__all__ = [
    "SIGNATURE",
    "Attributes",
    "Dataset",
    "Datatype",
    "Finding",
    "Group",
    "Hdf5File",
    "Node",
    "Scalar",
    "Shape",
    "Value",
    "open_hdf5",
]
