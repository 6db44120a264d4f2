"""Write small models in every format that the installed Keras has, and what that Keras says of them.

`python scripts/make_saved_files.py FOLDER` runs with any Keras from 2.12 on, and uses nothing else of this repository.
Beside the files it writes `said.json`: for each model its layers, their output shapes, weights and trained weights. All
weights are zeros, so that the files are small once they are in git. `FOLDER.zip` has all of them, as those in
`tests/files`; `nox -s saved_files` makes them with each of several releases.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
import zipfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
warnings.simplefilter("ignore")


def main(folder):
    """Write all files into a folder."""
    import keras

    os.makedirs(folder, exist_ok=True)
    said = {"keras": keras.__version__, "models": {}}
    for name, build in MODELS.items():
        keras.backend.clear_session()
        try:
            model = build(keras)
        except Exception as error:
            print(f"{name}: not built: {_short(error)}", file=sys.stderr)
            continue
        model.set_weights([weight * 0 for weight in model.get_weights()])
        said["models"][name] = said_of(model)
        for kind, write in FORMATS.items():
            path = os.path.join(folder, name + kind)
            try:
                write(keras, model, path)
            except Exception as error:
                print(f"{name}{kind}: not written: {_short(error)}", file=sys.stderr)
                if os.path.isfile(path):
                    os.unlink(path)
    with open(os.path.join(folder, "said.json"), "w") as file:
        json.dump(said, file, indent=1, sort_keys=True)
        file.write("\n")
    _pack(folder)


def _pack(folder):
    """Put all files into one archive beside the folder; of a SavedModel, what is read of it."""
    with zipfile.ZipFile(f"{folder}.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for here, _, names in sorted(os.walk(folder)):
            for name in sorted(names):
                path = os.path.join(here, name)
                if here == folder or name == "keras_metadata.pb":
                    archive.write(path, os.path.relpath(path, folder))


def _short(error):
    return " ".join(str(error).split())[:100]


def said_of(model):
    """Return what Keras says of a model, of its layers in their order."""
    layers = []
    for layer in model.layers:
        try:
            shapes = [list(shape) for shape in output_shapes(layer)]
        except Exception:
            shapes = None
        layers.append(
            {
                "kind": type(layer).__name__,
                "name": layer.name,
                "shapes": shapes,
                "params": layer.count_params(),
                "trained": sum(int(size(weight)) for weight in layer.trainable_weights),
            }
        )
    trained = sum(layer["trained"] for layer in layers)  # Keras 3.0's own total forgets what is frozen
    return {"params": model.count_params(), "trained": trained, "layers": layers, "name": model.name}


def size(weight):
    """Return the number of scalars of a variable."""
    total = 1
    for axis in weight.shape:
        total *= int(axis)
    return total


def output_shapes(layer):
    """Return the shapes of the outputs of a layer's first call."""
    if hasattr(layer, "get_output_at"):
        output = layer.get_output_at(len(layer.inbound_nodes) - 1)
    else:
        output = layer._inbound_nodes[-1].output_tensors
    outputs = output if isinstance(output, (list, tuple)) else [output]
    return [tuple(None if axis is None else int(axis) for axis in tensor.shape) for tensor in outputs]


def chain(keras):
    """A Sequential with convolutions."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            layers.Conv2D(4, 3, activation="relu", padding="same"),
            layers.BatchNormalization(),
            layers.MaxPooling2D(),
            layers.SeparableConv2D(6, 3, strides=2, use_bias=False),
            layers.Flatten(),
            layers.Dropout(0.5),
            layers.Dense(5, activation="softmax"),
        ]
    )


def merging(keras):
    """Two branches, a shared layer, two outputs."""
    layers = keras.layers
    left, right = keras.Input((8,), name="left"), keras.Input((8,), name="right")
    shared = layers.Dense(6, name="shared")
    a, b = shared(left), shared(right)
    both = layers.Concatenate()([a, layers.LeakyReLU()(b)])
    added = layers.Add()([a, b])
    out = layers.Dense(3, name="head")(layers.Multiply()([layers.Dense(6)(both), added]))
    return keras.Model([left, right], [out, added], name="two_branches")


def nested(keras):
    """A functional model and a sequential one inside a functional one; one of them is frozen."""
    layers = keras.layers
    x = keras.Input((12, 12, 1))
    encoder = keras.Sequential([keras.Input((12, 12, 1)), layers.Conv2D(4, 3), layers.Flatten()], name="encoder")
    y = keras.Input((400,))
    inner = keras.Model(y, layers.Dense(8)(layers.ReLU()(y)), name="inner")
    inner.trainable = False
    return keras.Model(x, layers.Dense(2)(inner(encoder(x))))


def recurrent(keras):
    """Embedding, recurrent layers with states, wrappers."""
    layers = keras.layers
    tokens = keras.Input((7,), dtype="int32")
    x = layers.Embedding(20, 6)(tokens)
    sequence, h, c = layers.LSTM(5, return_sequences=True, return_state=True)(x)
    again = layers.LSTM(5, return_sequences=True)(x, initial_state=[h, c])
    both = layers.Bidirectional(layers.GRU(4, return_sequences=True))(layers.Add()([sequence, again]))
    steps = layers.TimeDistributed(layers.Dense(3))(both)
    return keras.Model(tokens, layers.SimpleRNN(2)(steps))


def attention(keras):
    """Attention with normalization and a residual connection."""
    layers = keras.layers
    x = keras.Input((10, 8))
    attended = layers.MultiHeadAttention(2, 4)(x, x)
    y = layers.LayerNormalization()(layers.Add()([x, attended]))
    return keras.Model(x, layers.GlobalAveragePooling1D()(layers.Conv1D(4, 3, padding="causal")(y)))


def settings(keras):
    """Layers with settings of which early releases had other names."""
    layers = keras.layers
    x = keras.Input((20, 20, 2))
    y = layers.Conv2D(4, (3, 5), strides=2, padding="same", use_bias=False, kernel_initializer="he_normal")(x)
    y = layers.ZeroPadding2D(2)(y)
    y = layers.Conv2DTranspose(3, 3, strides=2, padding="same")(y)
    y = layers.AveragePooling2D((2, 2))(layers.UpSampling2D(2)(y))
    y = layers.Reshape((-1, 3))(layers.Cropping2D(1)(y))
    y = layers.Permute((2, 1))(y)
    return keras.Model(x, layers.GlobalMaxPooling1D()(layers.PReLU()(y)))


def mixed(keras):
    """A policy of mixed precision, and frozen layers."""
    policy = "mixed_float16"
    layers = keras.layers
    x = keras.Input((6,))
    y = layers.Dense(4, dtype=policy, name="half")(x)
    frozen = layers.Dense(4, trainable=False)
    return keras.Model(x, layers.Dense(1, dtype="float32")(frozen(y)))


def structures(keras):
    """Inputs and outputs by name."""
    layers = keras.layers
    a, b = keras.Input((4,), name="a"), keras.Input((3,), name="b")
    y = layers.Concatenate()([a, b])
    return keras.Model({"a": a, "b": b}, {"first": layers.Dense(2)(y), "second": layers.Dense(1)(y)})


def outside(keras):
    """A layer from outside Keras, in which others are, between functions of TensorFlow where Keras 2 has them."""
    layers = keras.layers

    class Block(layers.Layer):
        def __init__(self, units=8, **more):
            super().__init__(**more)
            self.units = units
            self.first, self.second = layers.Dense(units), layers.Dense(units, name="second")
            self.norm = layers.LayerNormalization()

        def build(self, shape):
            self.gain = self.add_weight(shape=(3,), name="gain")
            super().build(shape)

        def call(self, x):
            return self.norm(self.second(self.first(x)))

        def get_config(self):
            return {**super().get_config(), "units": self.units}

    x = keras.Input((10, 4))
    y = Block(6, name="block_a")(x)
    y = y * 2.0 + y
    return keras.Model(x, layers.Dense(1)(Block(5)(y)))


def subclassed(keras):
    """A model whose calls are Python."""
    import numpy

    layers = keras.layers

    class Net(keras.Model):
        def __init__(self, **more):
            super().__init__(**more)
            self.stem = layers.Conv1D(8, 3, padding="same")
            self.blocks = [layers.Dense(8) for _ in range(3)]
            self.head = layers.Dense(2, name="head")

        def call(self, x):
            x = self.stem(x)
            for block in self.blocks:
                x = block(x)
            return self.head(x)

        def get_config(self):
            return {}

    net = Net()
    net(numpy.zeros((1, 10, 4), "float32"))
    return net


MODELS = {
    build.__name__: build
    for build in (chain, merging, nested, recurrent, attention, settings, mixed, structures, outside, subclassed)
}


def keras_zip(keras, model, path):
    """Write a `.keras` file, of whatever format this release has."""
    model.save(path)


def keras_v3(keras, model, path):
    """Write the archive of the release that had it before it was the default."""
    if not keras.__version__.startswith("2.12"):
        raise ValueError("not a format of this release")
    model.save(path, save_format="keras_v3")


def hdf5(keras, model, path):
    """Write a whole-model HDF5 file."""
    model.save(path)


def weights(keras, model, path):
    """Write the weights alone."""
    model.save_weights(path)


def text(keras, model, path):
    """Write what `to_json` returns."""
    with open(path, "w") as file:
        file.write(model.to_json())


def saved_model(keras, model, path):
    """Write a SavedModel, where a release of Keras 2 does."""
    if not keras.__version__.startswith("2."):
        raise ValueError("not a format of this release")
    model.save(path, save_format="tf")


FORMATS = {
    ".keras": keras_zip,
    ".v3.keras": keras_v3,
    ".h5": hdf5,
    ".weights.h5": weights,
    ".json": text,
    ".saved_model": saved_model,
}

if __name__ == "__main__":
    main(*sys.argv[1:])
