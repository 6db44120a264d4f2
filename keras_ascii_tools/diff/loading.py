"""Will the weights of one model load into another, and into the right layers? Plays what Keras does, without Keras.

Knows two graphs and which layers are counterparts; knows nothing of how they were matched, of files, or of any text.
Optimizers are left out, as are seeds and vocabularies, which `load_weights` does not restore.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from keras_ascii_tools.diff.loading_of_h5 import h5_verdict
from keras_ascii_tools.diff.loading_of_keras import keras_verdict
from keras_ascii_tools.diff.loading_types import Loading, SkipMismatch, Slot, Status, WeightsVerdict
from keras_ascii_tools.graph import How, ModelGraph

__all__ = ["Loading", "SkipMismatch", "Slot", "Status", "WeightsVerdict", "weights_verdict"]


def weights_verdict(
    before: ModelGraph,
    after: ModelGraph,
    mapping: Mapping[int, int],
    loading: str = Loading.KERAS,
    *,
    alike: Collection[Collection[int]] = (),
) -> WeightsVerdict:
    """Say what happens when `before`'s weights are loaded into `after`.

    Args:
        before: The model whose weights were saved.
        after: The model that they are loaded into.
        mapping: For the layers of `after` at every level, by id: the layer of `before` that each is the counterpart of.
            A layer that is missing there is new.
        loading: One of `Loading`.
        alike: Sets of ids of layers of `before` that cannot be told apart: any of them is as right as the other.

    Raises:
        ValueError: There is no such way of loading.
    """
    way = Loading(loading)
    for graph, what in ((before, "before"), (after, "after")):
        if graph.how is How.UNBUILT:
            reason = f"the model {what} is not built, so it has no weights yet"
            return WeightsVerdict(status=Status.UNKNOWN, loading=way, exact=False, reason=reason)
    if way is Loading.KERAS:
        return keras_verdict(before, after, mapping, alike)
    return h5_verdict(before, after, mapping, alike, way)
