"""Edits as people make them, of real Keras models, each with the number of changes that a person would say it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.keras_models import without_weights

__all__ = ["OFFSET", "SCENARIOS", "Scenario", "counters"]

OFFSET = 53
"""Where the counters of automatic names stand when a model is built second in a process."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One edit."""

    name: str
    before: Callable[[], Any]
    after: Callable[[], Any]
    true: int
    """Changes of the architecture."""
    groups: int = 0
    """Changes of how it is trained, each on however many layers."""
    renamed: int = 0
    derived: int | None = None
    """Calls with other shapes or weights, if somebody counted them."""
    weights: str = "loads"
    """What loading the old weights does."""
    automatic: bool = False
    """Whether layers are renamed as Keras would have named them."""


@contextmanager
def counters(start: int) -> Iterator[None]:
    """Let Keras count automatic names from here, as if so many layers of each class had been built before."""
    from keras.src.backend.common import global_state

    kept = global_state.get_global_attribute("object_name_uids")
    global_state.set_global_attribute("object_name_uids", defaultdict(lambda: start))
    try:
        yield
    finally:
        global_state.set_global_attribute("object_name_uids", kept)


def automatic(model: Any) -> Any:
    """Return the same model with the names that Keras would have made up."""
    from keras.src.utils.naming import auto_name, to_snake_case

    config = model.get_config()
    names = {layer["name"]: auto_name(to_snake_case(layer["class_name"])) for layer in config["layers"]}

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                key: _history(item, names) if key == "keras_history" else renamed(item) for key, item in value.items()
            }
        return [renamed(item) for item in value] if isinstance(value, (list, tuple)) else value

    config = renamed(config)
    for layer in config["layers"]:
        layer["name"] = layer["config"]["name"] = names[layer["name"]]
    for key in ("input_layers", "output_layers"):
        config[key] = [_history(place, names) for place in _as_list(config[key])]
    config["name"] = auto_name("functional")
    with without_weights():
        return type(model).from_config(config)


def _history(place: Any, names: dict[str, str]) -> list[Any]:
    return [names[place[0]], *place[1:]]


def _as_list(places: Any) -> Any:
    return [places] if isinstance(places[0], str) else places


def _application(name: str, **more: Any) -> Callable[[], Any]:
    def build() -> Any:
        import keras

        with without_weights():
            return getattr(keras.applications, name)(weights=None, **more)

    return build


def _mlp(units: int = 256, activation: str = "relu") -> Callable[[], Any]:
    def build() -> Any:
        import keras
        from keras import layers

        x = inputs = keras.Input((64,))
        for width in (512, units, 128):
            x = layers.Dense(width, activation=activation if width == units else "relu")(x)
            x = layers.Dropout(0.2)(x)
        return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))

    return build


def _convs(normalized: bool) -> Callable[[], Any]:
    def build() -> Any:
        import keras
        from keras import layers

        x = inputs = keras.Input((32, 32, 3))
        for filters in (16, 32, 64, 128):
            x = layers.Conv2D(filters, 3, padding="same")(x)
            x = layers.BatchNormalization()(x) if normalized else x
            x = layers.MaxPooling2D()(layers.ReLU()(x))
        return keras.Model(inputs, layers.Dense(10)(layers.Flatten()(x)))

    return build


def _compiled(optimizer: str) -> Callable[[], Any]:
    def build() -> Any:
        model = _mlp()()
        model.compile(optimizer=optimizer, loss="mse")
        return model

    return build


def _transfer(trained: int, *, head: int = 0) -> Callable[[], Any]:
    """A frozen network below a head: `trained` of its last layers are trained."""

    def build() -> Any:
        import keras
        from keras import layers

        with without_weights():
            base = keras.applications.MobileNetV2(include_top=False, weights=None, input_shape=(96, 96, 3))
            base.trainable = False
            if trained:
                base.trainable = True
                for layer in base.layers[:-trained]:
                    layer.trainable = False
            inputs = keras.Input((96, 96, 3))
            x = layers.GlobalAveragePooling2D()(base(inputs, training=False))
            if head:
                x = layers.Dropout(0.3)(layers.Dense(256, activation="relu")(x))
            name = "flowers" if head else "predictions"
            return keras.Model(inputs, layers.Dense(5 if head else 1000, activation="softmax", name=name)(x))

    return build


def _two_branches(*, other_order: bool = False, swapped: bool = False) -> Callable[[], Any]:
    def build() -> Any:
        import keras
        from keras import layers

        inputs = keras.Input((32,))
        if other_order:
            right = layers.Dense(16, activation="tanh")(inputs)
            left = layers.Dense(16, activation="relu")(inputs)
        else:
            left = layers.Dense(16, activation="relu")(inputs)
            right = layers.Dense(16, activation="tanh")(inputs)
        joined = layers.Concatenate()([right, left] if swapped else [left, right])
        return keras.Model(inputs, layers.Dense(4)(joined))

    return build


def _parallel(activations: int) -> Callable[[], Any]:
    def build() -> Any:
        import keras
        from keras import layers

        inputs = keras.Input((32,))
        left, right = layers.Dense(16)(inputs), layers.Dense(16)(inputs)
        for _ in range(activations):
            right = layers.Activation("relu")(right)
        left, right = layers.Dense(8)(left), layers.Dense(8)(right)
        return keras.Model(inputs, layers.Dense(4)(layers.Concatenate()([left, right])))

    return build


def _transformer(blocks: int, heads: int) -> Callable[[], Any]:
    def build() -> Any:
        import keras
        from keras import layers

        inputs = keras.Input((16,), dtype="int32")
        x = layers.Embedding(100, 32)(inputs)
        for _ in range(blocks):
            y = layers.MultiHeadAttention(heads, 8)(x, x)
            x = layers.LayerNormalization()(layers.Add()([x, y]))
            y = layers.Dense(32)(layers.Dense(64, activation="gelu")(x))
            x = layers.LayerNormalization()(layers.Add()([x, y]))
        return keras.Model(inputs, layers.Dense(100)(x))

    return build


def _precision(policy: str) -> Callable[[], Any]:
    def build() -> Any:
        import keras
        from keras import layers

        inputs = keras.Input((28, 28, 1))
        x = layers.Conv2D(8, 3, activation="relu", dtype=policy)(inputs)
        x = layers.Flatten(dtype=policy)(layers.MaxPooling2D(dtype=policy)(x))
        x = layers.Dense(16, activation="relu", dtype=policy)(x)
        return keras.Model(inputs, layers.Dense(4, dtype="float32")(x))

    return build


def _skip(from_first: bool) -> Callable[[], Any]:
    def build() -> Any:
        import keras
        from keras import layers

        inputs = keras.Input((16, 16, 8))
        first = layers.Conv2D(8, 3, padding="same")(inputs)
        second = layers.Conv2D(8, 3, padding="same", activation="relu")(first)
        third = layers.Conv2D(8, 5, padding="same")(second)
        x = layers.Add()([first if from_first else second, third])
        return keras.Model(inputs, layers.Conv2D(4, 1)(x))

    return build


def _activation_first(first: bool) -> Callable[[], Any]:
    def build() -> Any:
        import keras
        from keras import layers

        x = inputs = keras.Input((16, 16, 8))
        if not first:
            x = layers.Conv2D(8, 3, padding="same", use_bias=False)(x)
        x = layers.ReLU()(layers.BatchNormalization()(x))
        if first:
            x = layers.Conv2D(8, 3, padding="same", use_bias=False)(x)
        return keras.Model(inputs, layers.Dense(4)(layers.Flatten()(x)))

    return build


def _siamese(shared: bool) -> Callable[[], Any]:
    def build() -> Any:
        import keras
        from keras import layers

        left, right = keras.Input((16,)), keras.Input((16,))
        one = layers.Dense(8, activation="relu")
        other = one if shared else layers.Dense(8, activation="relu")
        return keras.Model([left, right], layers.Dense(1)(layers.Subtract()([one(left), other(right)])))

    return build


def _numbered(widths: tuple[int, ...]) -> Callable[[], Any]:
    def build() -> Any:
        import keras
        from keras import layers

        x = inputs = keras.Input((16,))
        for number, width in enumerate(widths):
            x = layers.Dense(width, activation="relu", name=f"fc_{number}")(x)
        return keras.Model(inputs, layers.Dense(3, name="out")(x))

    return build


def _sized(size: int) -> Callable[[], Any]:
    def build() -> Any:
        import keras
        from keras import layers

        x = inputs = keras.Input((size, size, 1))
        x = layers.MaxPooling2D()(layers.Conv2D(8, 3, activation="relu")(x))
        return keras.Model(inputs, layers.Dense(10)(layers.Flatten()(x)))

    return build


def _chain(sequential: bool) -> Callable[[], Any]:
    def build() -> Any:
        import keras
        from keras import layers

        made = [layers.Conv2D(8, 3), layers.Flatten(), layers.Dense(10)]
        if sequential:
            return keras.Sequential([keras.Input((28, 28, 1)), *made])
        x = inputs = keras.Input((28, 28, 1))
        for layer in made:
            x = layer(x)
        return keras.Model(inputs, x)

    return build


def _towers(swapped: bool) -> Callable[[], Any]:
    def build() -> Any:
        import keras
        from keras import layers

        user, item = keras.Input((16,), name="user"), keras.Input((16,), name="item")
        left = layers.Dense(32, name="user_enc")(user)
        right = layers.Dense(32, name="item_enc")(item)
        return keras.Model([user, item], layers.Dot(1)([right, left] if swapped else [left, right]))

    return build


def _same_widths(numbers: tuple[int, ...], *, named: bool = True) -> Callable[[], Any]:
    def build() -> Any:
        import keras
        from keras import layers

        x = inputs = keras.Input((16, 16, 8))
        for number in numbers:
            x = layers.Conv2D(8, 3, padding="same", name=f"c{number}" if named else None)(x)
        return keras.Model(inputs, x)

    return build


def _twice(name: str, before: Callable[[], Any], after: Callable[[], Any], true: int, **more: Any) -> list[Scenario]:
    """An edit of a network whose layers have names, and the same of one whose layers have none."""
    named = Scenario(name, before, after, true, **{"renamed": 1, **more})
    return [named, Scenario(f"{name}, automatic names", before, after, true, **{**more, "renamed": 0}, automatic=True)]


SCENARIOS: tuple[Scenario, ...] = (
    *_twice("ResNet50 → ResNet101", _application("ResNet50"), _application("ResNet101"), 170, weights="fails"),
    *_twice("VGG16 → VGG19", _application("VGG16"), _application("VGG19"), 3, weights="fails"),
    *_twice(
        "MobileNetV2, alpha 1.0 → 0.75",
        _application("MobileNetV2"),
        _application("MobileNetV2", alpha=0.75),
        28,
        derived=97,
        weights="fails",
    ),
    Scenario("BatchNormalization after each of 4 Conv2D", _convs(False), _convs(True), 4, weights="fails"),
    Scenario("units 256 → 384 in the middle", _mlp(256), _mlp(384), 1, derived=2, weights="fails"),
    Scenario("nothing, MLP", _mlp(), _mlp(), 0, derived=0),
    Scenario("nothing, ResNet50", _application("ResNet50"), _application("ResNet50"), 0, derived=0, automatic=True),
    Scenario("optimizer Adam → SGD", _compiled("adam"), _compiled("sgd"), 0, groups=1),
    Scenario("54 of 154 layers unfrozen", _transfer(0), _transfer(54), 0, groups=1),
    Scenario("another head", _transfer(0), _transfer(0, head=1), 3, renamed=1, weights="fails"),
    Scenario("branches built in another order", _two_branches(), _two_branches(other_order=True), 0),
    Scenario("branches swapped in Concatenate", _two_branches(), _two_branches(swapped=True), 1, weights="wrong"),
    Scenario("activation relu → gelu", _mlp(), _mlp(activation="gelu"), 1),
    Scenario("heads 4 → 8 in 4 blocks", _transformer(4, 4), _transformer(4, 8), 4, weights="fails"),
    Scenario("2 more transformer blocks", _transformer(4, 4), _transformer(6, 4), 14, weights="fails"),
    Scenario("mixed_float16", _precision("float32"), _precision("mixed_float16"), 0, groups=1),
    Scenario("skip connection from another layer", _skip(True), _skip(False), 1),
    Scenario(
        "activation before instead of after", _activation_first(False), _activation_first(True), 1, weights="loads"
    ),
    Scenario("shared → separate Dense", _siamese(True), _siamese(False), 1, weights="fails"),
    Scenario("numbered names shift", _numbered((32, 16, 8)), _numbered((64, 32, 16, 8)), 1, renamed=3, weights="fails"),
    Scenario("input 28 → 32", _sized(28), _sized(32), 1, derived=4, weights="fails"),
    Scenario("Sequential → Functional", _chain(True), _chain(False), 0),
    Scenario("2 Activations in 1 of 2 branches", _parallel(0), _parallel(2), 2, weights="wrong"),
    Scenario("arguments of Dot swapped", _towers(False), _towers(True), 1, weights="wrong"),
    Scenario("c1 of c1 ... c5 removed", _same_widths((1, 2, 3, 4, 5)), _same_widths((2, 3, 4, 5)), 1, weights="wrong"),
    Scenario(
        "1 of 5 equal layers removed",
        _same_widths((1, 2, 3, 4, 5), named=False),
        _same_widths((2, 3, 4, 5), named=False),
        1,
        weights="drops",
    ),
)
