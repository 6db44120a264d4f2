"""Small models made by hand, call by call, for drawings that are compared as a whole."""

from __future__ import annotations

from keras_ascii_tools.graph import Call, How, Layer, ModelGraph, Node, Shape, TensorRef, TensorSpec, Value

__all__ = ["Maker"]


class Maker:
    """Makes a graph. Batch axes are dynamic unless a shape is given as a whole, in a list."""

    def __init__(self, kind: str = "Functional", name: str | None = None, first_id: int = 0) -> None:
        self._kind = kind
        self._name = name
        self._layers: list[Layer] = []
        self._nodes: list[Node] = []
        self._next = first_id

    def layer(
        self,
        kind: str,
        params: int | None = 0,
        name: str | None = None,
        module: str = "keras.layers",
        body: ModelGraph | None = None,
        **settings: Value,
    ) -> Layer:
        """Make a layer, which nothing calls yet."""
        self._next += 1
        layer = Layer(
            id=self._next,
            kind=kind,
            module=module,
            name=name,
            named=name is not None,
            settings=tuple(settings.items()),
            params=params,
            trainable_params=params,
            graph=body,
        )
        if module != "keras.ops":
            self._layers.append(layer)
        return layer

    def call(
        self,
        layer: Layer | str,
        *inputs: TensorRef | None,
        shape: tuple[int | None, ...] | list[int | None] | None = (),
        more: tuple[Shape, ...] = (),
        call: Call | None = None,
        params: int | None = 0,
        name: str | None = None,
        **settings: Value,
    ) -> TensorRef:
        """Call a layer, or a new one of this kind; return its first output."""
        if isinstance(layer, str):
            layer = self.layer(layer, params, name, **settings)
        whole = None if shape is None else tuple(shape) if isinstance(shape, list) else (None, *shape)
        first = TensorSpec(whole, "float32")
        rest = tuple(TensorSpec((None, *one), "float32") for one in more)
        self._nodes.append(Node(layer=layer, inputs=inputs, outputs=(first, *rest), call=call))
        return TensorRef(len(self._nodes) - 1)

    def input(self, *shape: int | None, name: str | None = None) -> TensorRef:
        """Make an input of the model."""
        return self.call("InputLayer", shape=shape, name=name)

    def graph(
        self, *outputs: TensorRef, how: How = How.DECLARED, notes: tuple[str, ...] = (), hides_input: bool = False
    ) -> ModelGraph:
        """Return the graph of what has been called."""
        inputs = tuple(TensorRef(index) for index, node in enumerate(self._nodes) if node.layer.kind == "InputLayer")
        layers = [layer for layer in self._layers if not hides_input or layer.kind != "InputLayer"]
        return ModelGraph(
            kind=self._kind,
            name=self._name,
            named=self._name is not None,
            nodes=tuple(self._nodes),
            inputs=inputs,
            outputs=outputs,
            layers=tuple(layers),
            how=how,
            notes=notes,
        )
