"""Files that are broken, or made to do harm: name -> what writes one, and what the command has to say of it.

`None` for what is said: the model is drawn all the same, and nothing outside of its file is touched.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.core.read.archives import Entry, archive, crafted
from tests.core.read.configs import Json, call, functional, layer, sequential, source, tensor

HOSTILE: dict[str, Hostile] = {}


@dataclass(frozen=True)
class Hostile:
    """A file, or something else that a path can lead to."""

    write: Callable[[Path], object]
    said: str | None


def _file(said: str | None) -> Callable[[Callable[[Path], object]], Callable[[Path], object]]:
    def register(write: Callable[[Path], object]) -> Callable[[Path], object]:
        HOSTILE[write.__name__] = Hostile(write, said)
        return write

    return register


def model() -> Json:
    """A model with a layer from outside Keras, whose weights only the file knows."""
    outside = layer("Scale", "scale", call(tensor([None, 4], "x")), module="mine", units=3)
    outside["registered_name"] = "mine>Scale"
    return functional(
        [source("x", [None, 4]), outside, layer("Dense", "d", call(tensor([None, 4], "scale")), units=2)],
        ["x", 0, 0],
        ["d", 0, 0],
    )


def write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value))


def chain(*layers: Json) -> Json:
    return sequential([source("x", [None, 4]), *layers])


def write_hdf5(path: Path, fill: Callable[[Any], object] | None = None, config: Any = None) -> None:
    """A whole-model file; `fill` gets its group of weights."""
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps(model() if config is None else config)
        file.attrs["keras_version"] = "3.10.0"
        weights = file.create_group("model_weights")
        if fill is not None:
            fill(weights)


# --- archives


@_file("config.json has 268,435,456 bytes")
def bomb(path: Path) -> None:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(deflate.compress(bytes(1 << 20)) for _ in range(1 << 8)) + deflate.flush()
    path.write_bytes(_packed(packed, 1 << 28))


@_file("config.json is damaged: it is not what its size and checksum say")
def bomb_that_lies(path: Path) -> None:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(deflate.compress(bytes(1 << 20)) for _ in range(1 << 7)) + deflate.flush()
    path.write_bytes(_packed(packed, 1000))


def _packed(data: bytes, size: int) -> bytes:
    """An archive with one deflated member, of a size that it need not have."""
    fields = (8, 0, 0, 0, len(data), size, 11, 0)
    local = struct.pack("<4s2H", b"PK\3\4", 20, 0) + struct.pack("<3H3L2H", *fields) + b"config.json"
    central = struct.pack("<4s3H", b"PK\1\2", 20, 20, 0) + struct.pack("<3H3L2H", *fields)
    central += struct.pack("<3H2L", 0, 0, 0, 0, 0) + b"config.json"
    start = len(local) + len(data)
    return local + data + central + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(central), start, 0)


@_file("two members of the archive have the same name")
def two_configs(path: Path) -> None:
    path.write_bytes(crafted([Entry(b"config.json", b"{}"), Entry(b"config.json", b"{}")]))


@_file("disagree")
def another_name_inside(path: Path) -> None:
    path.write_bytes(crafted([Entry(b"config.json", b"{}", local_name=b"config.jsom")]))


@_file("config.json is encrypted")
def encrypted(path: Path) -> None:
    path.write_bytes(crafted([Entry(b"config.json", b"{}", flags=1)]))


@_file("only deflate is read")
def another_method(path: Path) -> None:
    path.write_bytes(crafted([Entry(b"config.json", b"{}", method=14)]))


@_file("directory is damaged")
def members_that_are_not_there(path: Path) -> None:
    path.write_bytes(crafted([Entry(b"a")], here=0xFFFE, count=0xFFFE, size=0xFFFFFFF0))


@_file("has no config.json; expected a model that Keras has saved")
def another_archive(path: Path) -> None:
    path.write_bytes(archive({"word/document.xml": b"<a/>", "../../etc/passwd": b"x"}))


@_file("holds a pickle, which is code")
def of_pytorch(path: Path) -> None:
    path.write_bytes(archive({"model/data.pkl": b"\x80\x02cposix\nsystem\n", "model/version": b"3"}))


@_file("has weights and no config.json")
def archive_of_weights(path: Path) -> None:
    path.write_bytes(archive({"model.weights.h5": b"\x89HDF\r\n\x1a\n"}))


@_file(None)
def pickled_weights(path: Path) -> None:
    members = {"config.json": json.dumps(model()).encode(), "model.weights.npz": b"\x80\x02cposix\nsystem\n"}
    path.write_bytes(archive(members))


@_file(None)
def damaged_weights(path: Path) -> None:
    path.write_bytes(archive({"config.json": json.dumps(model()).encode(), "model.weights.h5": b"\x89HDF\r\n\x1a\nno"}))


@_file(None)
def compressed_weights(path: Path) -> None:
    members = {"config.json": json.dumps(model()).encode(), "model.weights.h5": bytes(1 << 20)}
    path.write_bytes(archive(members, method=8))


# --- JSON


@_file("nested too deeply")
def deep_lists(path: Path) -> None:
    path.write_text("[" * 200_000)


@_file("nested too deeply")
def deep_objects(path: Path) -> None:
    path.write_text('{"class_name":"Sequential","config":' * 5_000)


@_file("would take more than 160 MiB of memory")
def empty_lists(path: Path) -> None:
    path.write_text("[" + "[]," * 8_000_000 + "[]]")


@_file("nested")
def models_in_models(path: Path) -> None:
    inner = layer("Dense", "d")
    for number in range(300):
        inner = sequential([inner], name=f"s{number}")
    write_json(path, inner)


@_file("more than 20,000 layers")
def many_layers(path: Path) -> None:
    write_json(path, chain(*[layer("Dropout", f"d{number}", rate=0.5) for number in range(30_000)]))


@_file("would take more than 160 MiB of memory")
def a_million_layers(path: Path) -> None:
    dropout = json.dumps(layer("Dropout", "d", rate=0.5))
    path.write_text(json.dumps(chain()).replace("]}}", f"{f', {dropout}' * 240_000}]}}}}"))


@_file("20,000 calls")
def many_calls(path: Path) -> None:
    calls = [call(tensor([None, 4], "x"))] + [call(tensor([None, 4], "d", number)) for number in range(25_000)]
    write_json(path, functional([source("x", [None, 4]), layer("ReLU", "d", *calls)], ["x", 0, 0], ["d", 25_000, 0]))


@_file("lead in a circle, near the layer 'a'")
def a_circle(path: Path) -> None:
    a, b = layer("ReLU", "a", call(tensor([None, 4], "b"))), layer("ReLU", "b", call(tensor([None, 4], "a")))
    write_json(path, functional([source("x", [None, 4]), a, b], ["x", 0, 0], ["b", 0, 0]))


@_file("lead in a circle")
def a_layer_on_itself(path: Path) -> None:
    write_json(path, functional([layer("ReLU", "a", call(tensor([None, 4], "a")))], [], ["a", 0, 0]))


@_file(None)
def a_reference_to_nothing(path: Path) -> None:
    a = layer("ReLU", "a", call(tensor([None, 4], "gone")))
    write_json(path, functional([source("x", [None, 4]), a], ["x", 0, 0], ["a", 7, 0]))


@_file(None)
def one_name_twice(path: Path) -> None:
    twice = [layer("ReLU", "a", call(tensor([None, 4], "x"))) for _ in range(2)]
    write_json(path, functional([source("x", [None, 4]), *twice], ["x", 0, 0], ["a", 0, 0]))


@_file(None)
def numbers_that_are_none(path: Path) -> None:
    layers = [layer("Dropout", "a", rate=float("nan")), layer("Dropout", "b", rate=float("inf"))]
    layers += [layer("Dense", "c", units=10**4000), layer("Dense", "d", units=-3), layer("Dense", "e", units=True)]
    write_json(path, chain(*layers))


@_file(None)
def signs_that_hide(path: Path) -> None:
    names = ["\x1b[31mred\x1b[0m", "\u202egnp.exe", "zero\u200bwidth", "new\nline", "\ud800", "::error::x", "<script>"]
    write_json(path, chain(*[layer("Dense", name, units=4) for name in names]))


@_file(None)
def a_name_of_ten_million(path: Path) -> None:
    write_json(path, chain(layer("Dense", "n" * 10_000_000, units=3, activation="a" * 1_000_000)))


@_file(None)
def many_settings(path: Path) -> None:
    outside = layer("C", "c", module="mine", **{f"k{number}": [number] * 20 for number in range(50_000)})
    write_json(path, chain({**outside, "registered_name": "mine>C"}))


@_file(None)
def code(path: Path) -> None:
    function = {"class_name": "__lambda__", "config": {"code": "4wEAAAA=", "defaults": None, "closure": None}}
    named = {"module": "os", "class_name": "function", "config": "system", "registered_name": "system"}
    write_json(path, chain(layer("Lambda", "a", function=function), layer("Activation", "b", activation=named)))


@_file("is not JSON: it ends too early")
def json_cut_off(path: Path) -> None:
    path.write_text(json.dumps(model())[:-40].rstrip("}] "))


@_file("JSON that holds no model of Keras")
def other_json(path: Path) -> None:
    write_json(path, {"name": "package", "dependencies": {}})


@_file("the index of sharded weights, without the architecture")
def index_of_shards(path: Path) -> None:
    write_json(path, {"metadata": {"total_size": 1}, "weight_map": {"/layers/dense/vars": ["../../etc/passwd"]}})


@_file("a TensorFlow.js graph model")
def graph_of_tensorflow_js(path: Path) -> None:
    write_json(path, {"format": "graph-model", "modelTopology": {"node": []}, "weightsManifest": []})


# --- HDF5


@_file("without model_config and without weights of Keras")
def left_behind_by_a_failed_save(path: Path) -> None:
    import h5py

    with h5py.File(path, "w"):
        pass


@_file("weights only, without the architecture")
def weights_of_keras_1(path: Path) -> None:
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [b"dense_1"]
        file.create_group("dense_1").attrs["weight_names"] = [b"dense_1_W"]
        file["dense_1"].create_dataset("dense_1_W", (4, 3), "f4")


@_file(None)
def links_out_of_the_file(path: Path) -> None:
    import h5py

    other, pipe = path.with_name("secret.h5"), path.with_name("pipe")
    with h5py.File(other, "w") as file:
        file.create_group("top_secret").create_dataset("kernel", (5, 5), "f4")
    os.mkfifo(pipe)

    def fill(weights: Any) -> None:
        weights.attrs["layer_names"] = [b"scale"]
        weights["scale"] = h5py.ExternalLink(str(other), "/top_secret")
        weights["waits"] = h5py.ExternalLink(str(pipe), "/")
        weights["soft"] = h5py.SoftLink("/model_weights/soft")

    write_hdf5(path, fill)


@_file(None)
def links_in_a_circle(path: Path) -> None:
    def fill(weights: Any) -> None:
        group = weights.create_group("a")
        group["again"] = weights
        group["and"] = group
        group["up"] = weights.file["/"]

    write_hdf5(path, fill)


@_file(None)
def deep_groups(path: Path) -> None:
    def fill(weights: Any) -> None:
        for _ in range(3_000):
            weights = weights.create_group("g")

    write_hdf5(path, fill)


@_file(None)
def many_groups(path: Path) -> None:
    def fill(weights: Any) -> None:
        for number in range(20_000):
            weights.create_group(f"layer_{number}")

    write_hdf5(path, fill, {"module": "mine", "class_name": "Net", "registered_name": "mine>Net", "config": {}})


@_file(None)
def shapes_without_end(path: Path) -> None:
    def fill(weights: Any) -> None:
        weights.attrs["layer_names"] = [b"scale"]
        group = weights.create_group("scale")
        group.attrs["weight_names"] = [b"kernel"]
        group.create_dataset("kernel", (5 * 10**7, 5 * 10**7), "f4", chunks=(1, 1000))

    write_hdf5(path, fill)


@_file("model_config is no text")
def a_config_of_numbers(path: Path) -> None:
    import h5py

    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = [1, 2, 3]


@_file("is not a serialized layer; the file is damaged")
def config_of_something_else(path: Path) -> None:
    write_hdf5(path, None, {"name": "x", "items": []})


# --- anything else


@_file("empty; expected a saved Keras model")
def empty(path: Path) -> None:
    path.write_bytes(b"")


@_file("nothing but blanks")
def blanks(path: Path) -> None:
    path.write_bytes(b" \n\n")


@_file("not a file that is read here")
def zeros(path: Path) -> None:
    path.write_bytes(bytes(1 << 20))


@_file("(oid sha256:0123456789abcdef, 553,518,952 bytes); run 'git lfs pull'")
def pointer_of_git_lfs(path: Path) -> None:
    path.write_text("version https://git-lfs.github.com/spec/v1\noid sha256:0123456789abcdef\nsize 553518952\n")


@_file("a pickle, which is code and is not run")
def pickled(path: Path) -> None:
    path.write_bytes(b"\x80\x04\x95cposix\nsystem\n")


@_file("a TensorFlow Lite model")
def tensorflow_lite(path: Path) -> None:
    path.write_bytes(b"\x1c\0\0\0TFL3" + bytes(100))


@_file("not a regular file")
def a_pipe(path: Path) -> None:
    os.mkfifo(path)


@_file("not a regular file")
def a_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        here = os.getcwd()
        os.chdir(path.parent)  # paths of sockets are short
        try:
            made.bind(path.name)
        finally:
            os.chdir(here)


@_file("without")
def a_folder(path: Path) -> None:
    path.mkdir()


@_file("a SavedModel without keras_metadata.pb")
def a_folder_of_tensorflow(path: Path) -> None:
    path.mkdir()
    (path / "saved_model.pb").write_bytes(b"\x08\x01")


@_file("keras_metadata.pb")
def damaged_metadata(path: Path) -> None:
    path.mkdir()
    (path / "saved_model.pb").write_bytes(b"")
    (path / "keras_metadata.pb").write_bytes(b"\x0a\xff\xff\xff\xff\x7f")


@_file("nested too deeply")
def deep_metadata(path: Path) -> None:
    path.mkdir()
    text = b'{"config":' + b'{"a":' * 700 + b"1" + b"}" * 701
    fields = b"\x1a\x04root" + b"\x2a" + _varint(len(text)) + text
    (path / "keras_metadata.pb").write_bytes(b"\x0a" + _varint(len(fields)) + fields)


def _varint(number: int) -> bytes:
    return bytes([number & 0x7F | 0x80]) + _varint(number >> 7) if number > 0x7F else bytes([number])


@_file("No such file or directory")
def nothing(path: Path) -> None:
    pass


@_file("Too many levels of symbolic links")
def a_link_to_itself(path: Path) -> None:
    path.symlink_to(path.name)
