"""One entry of a config -> Layer: settings, policy, weights. Knows nothing of calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from keras_ascii_tools.graph import OPS_MODULE, Layer, ModelGraph, Saveable, Shape, TensorSpec, Weight, all_layers
from keras_ascii_tools.names import is_automatic
from keras_ascii_tools.read.config_entries import Entry
from keras_ascii_tools.read.config_weights import Place, WeightSource
from keras_ascii_tools.read.defaults import has_odd_settings
from keras_ascii_tools.read.guards import Config, is_list
from keras_ascii_tools.read.releases import THREE, Release
from keras_ascii_tools.read.settings import policy_name, settings_from_config
from keras_ascii_tools.read.weight_rules import all_are_trained, weights_by_rule

if TYPE_CHECKING:  # loaded when they are needed
    from keras_ascii_tools.read.stored import Branch, Stored
    from keras_ascii_tools.read.stored_layers import StoredLayers

__all__ = ["LayerMaker"]


_COUNTED_AXES: Final = frozenset({"BatchNormalization", "LayerNormalization", "UnitNormalization"})


class LayerMaker:
    """Makes each layer once, with an id that holds for a whole tree of models."""

    def __init__(self, keep_names: bool, weights: WeightSource, release: Release) -> None:
        self._release = release
        self._keep_names = keep_names
        self._weights = weights
        self._shared: dict[int, Layer] = {}
        self._unmarked: dict[tuple[str, str | None], Layer] = {}
        self._count = 0
        self._by_name: dict[tuple[str, str], list[str]] = {}
        self._of_weights: StoredLayers | None = None

    def layer(
        self, entry: Entry, body: ModelGraph | None, inputs: tuple[TensorSpec, ...] | None, place: Place
    ) -> Layer:
        """Make a layer.

        Args:
            entry: What the file says of it.
            body: The graph inside it.
            inputs: What it is called on first; `None` if that is not known.
            place: Where it stands in the file.
        """
        known = self._shared.get(entry.shared) if entry.shared is not None else None
        if known is not None and (known.kind, known.name) == (entry.kind, entry.name):
            return known
        made = self._made(entry, body, inputs, place)
        if entry.shared is not None:
            return self._shared.setdefault(entry.shared, self._twin(made, place) or made)
        self._unmarked.setdefault((made.kind, made.name), made)
        return made

    def _twin(self, made: Layer, place: Place) -> Layer | None:
        """The same layer in a model that was read before, which Keras 3 does not mark as shared.

        It marks a layer when it writes it for the second time. A functional model that is finished by then keeps an
        unmarked copy; and only there the layer has its weights.
        """
        twin = self._unmarked.get((made.kind, made.name)) if self._release >= THREE else None
        if twin is None or (twin.settings, twin.params) != (made.settings, made.params):
            return None
        stored = self._weights.of(place) if made.params else None
        return None if stored is not None and stored.size else twin

    def is_namesake(self, entry: Entry, inputs: tuple[TensorSpec, ...] | None, place: Place) -> bool:
        """Tell whether an entry is of somebody's class that is called as one of Keras, as many `Attention` were.

        Files that do not say modules leave it open; then it has other settings than Keras writes, and other weights.
        """
        if entry.says_module or entry.module != "keras.layers" or not has_odd_settings(entry.kind, entry.config):
            return False
        stored = self._weights.of(place)
        if stored is None or not stored.size:
            return False
        ruled = self._weights_of(entry, None, inputs)
        if ruled is None:  # settings are missing, unless it is an input that is not known
            return inputs is not None and all(spec.shape is not None for spec in inputs)
        return sum(weight.size for weight in ruled) != stored.size

    def new_id(self) -> int:
        """Return an id that no layer has yet."""
        self._count += 1
        return self._count

    @property
    def _stored(self) -> StoredLayers:
        if self._of_weights is None:
            from keras_ascii_tools.read.stored_layers import StoredLayers

            self._of_weights = StoredLayers(self.new_id, self.is_named)
        return self._of_weights

    def stored(self, branches: Sequence[Branch]) -> tuple[Layer, ...]:
        """Make the layers of a model that does not say which it has, of the weights in the file."""
        return self._stored.layers(branches)

    def saveables(self, stored: Stored) -> tuple[Saveable, ...] | None:
        """Return what the file has of such a model, once its layers are made."""
        return self._stored.saveables(stored.root, self.new_id())

    @property
    def names_in_several_models(self) -> list[str]:
        """Names that people gave to layers of one class in several models of a file that says nothing of sharing."""
        if self._shared:
            return []
        return [name for (_, name), models in self._by_name.items() if len(set(models)) > 1]

    def is_named(self, name: str | None, kind: str, written: str = "") -> bool:
        """Tell whether a name counts as given by a person. Keras 1 makes them up of the class name as it is written."""
        if name is None or self._keep_names:
            return bool(name)
        stem, _, number = name.rpartition("_")
        former = stem == written.lower() and number.isdecimal()
        return not former and not is_automatic(name, kind)

    def _made(
        self, entry: Entry, body: ModelGraph | None, inputs: tuple[TensorSpec, ...] | None, place: Place
    ) -> Layer:
        number = self.new_id()
        kind, module, name, config = entry.kind, entry.module, entry.name, entry.config
        if self._release < THREE and kind in _COUNTED_AXES:
            config = _with_last_axis(config, entry.build_shapes or tuple(spec.shape for spec in inputs or ()))
        named = self.is_named(name, kind, entry.written)
        if named and name and module != OPS_MODULE and kind != "InputLayer":
            self._by_name.setdefault((kind, name), []).append(place.names.removesuffix(name))
        if module == OPS_MODULE:
            settings = settings_from_config(kind, module, config)
            return Layer(id=number, kind=kind, module=module, name=name, named=named, settings=settings)
        trainable = config.get("trainable") is not False
        weights = self._weights_of(entry, body, inputs)
        params, trained = _counted(weights) if body is None else (body.params, body.trainable_params)
        saveables: tuple[Saveable, ...] | None = None
        stored = None if params is not None or config.get("lora_rank") else self._weights.of(place)
        if stored is not None and (stored.size or (inputs is not None and module != "keras.layers")):
            # Which of them are trained is not in a file, adaptations of low rank are merged into what they adapt, and
            # a layer that is not built has none yet.
            params = stored.size
            trained = params if not params or (module == "keras.layers" and all_are_trained(entry)) else None
            if body is None and (branch := self._weights.branch(place)) is not None:
                body = self._stored.body(branch, kind)
                saveables = self._stored.saveables(branch, number)
        return Layer(
            id=number,
            kind=kind,
            module=module,
            name=name,
            named=named,
            settings=()
            if body is not None and module == "keras.models"
            else settings_from_config(kind, module, config),
            trainable=trainable,
            dtype_policy=None if kind == "InputLayer" else policy_name(config.get("dtype")),
            params=params,
            trainable_params=trained if trainable or params is None else 0,
            weights=weights,
            graph=body,
            saveables=saveables,
        )

    def _weights_of(
        self, entry: Entry, body: ModelGraph | None, inputs: tuple[TensorSpec, ...] | None
    ) -> tuple[Weight, ...] | None:
        if body is not None:
            return _of_body(body)
        if entry.module != "keras.layers":
            return None
        shapes: tuple[Shape | None, ...] | None = entry.build_shapes
        if shapes is None and inputs is not None:
            shapes = tuple(spec.shape for spec in inputs)
        return weights_by_rule(entry, shapes)


def _of_body(body: ModelGraph) -> tuple[Weight, ...] | None:
    found: list[Weight] = []
    for layer in all_layers(body):
        if layer.weights is None:
            if layer.params == 0:
                continue
            return None
        found += layer.weights
    return tuple(found)


def _with_last_axis(config: Config, shapes: Sequence[Shape | None]) -> Config:
    """Keras 2 counts the axis of a built layer from the front; the last one was given as -1, or not at all."""
    axis = config.get("axis")
    axis = axis[0] if is_list(axis) and len(axis) == 1 else axis
    rank = len(shapes[0]) if shapes and shapes[0] is not None else None
    return {**config, "axis": -1} if rank is not None and axis == rank - 1 else config


def _counted(weights: tuple[Weight, ...] | None) -> tuple[int | None, int | None]:
    if weights is None:
        return None, None
    return sum(weight.size for weight in weights), sum(weight.size for weight in weights if weight.trainable)
