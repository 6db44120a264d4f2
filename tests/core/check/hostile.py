"""Files that a rule is for, made by hand: id of the rule -> files, each with a part of what is to be said of it."""

from __future__ import annotations

import base64
import io
import json
import marshal
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.core.read.archives import Entry, archive, crafted
from tests.core.read.configs import functional, layer, sequential, source

Make = Callable[[Path], None]
CASES: list[tuple[str, str, Make]] = []
"""(rule, part of what is said, what writes the file or folder at a path)"""

CODE = base64.encodebytes(marshal.dumps(compile("lambda x: x + 1", "<x>", "eval").co_consts[0])).decode()


def members(config: Any, **more: bytes) -> dict[str, bytes]:
    """The parts of an archive."""
    metadata = {"keras_version": "3.15.1", "date_saved": ""}
    return {
        "metadata.json": json.dumps(metadata).encode(),
        "config.json": config if isinstance(config, bytes) else json.dumps(config).encode(),
        **{name.replace("__", "/").replace("_dot_", "."): data for name, data in more.items()},
    }


def around(*layers: Any, **config: Any) -> Any:
    """A model of an input and some layers."""
    return sequential([source("image", [None, 4]), *layers], **config)


def keras(config: Any, more: dict[str, bytes] | None = None) -> Make:
    """An archive."""
    return lambda path: void(path.write_bytes(archive({**members(config), **(more or {})})))


def h5(fill: Callable[[Any], None], config: Any = None) -> Make:
    """An HDF5 file of Keras 2."""

    def make(path: Path) -> None:
        import h5py

        with h5py.File(path, "w") as file:
            file.attrs["model_config"] = json.dumps(config or around())
            fill(file)

    return make


def raw(data: bytes) -> Make:
    return lambda path: void(path.write_bytes(data))


def folder(files: dict[str, bytes], links: dict[str, str] | None = None) -> Make:
    def make(path: Path) -> None:
        for name, data in files.items():
            (path / name).parent.mkdir(parents=True, exist_ok=True)
            (path / name).write_bytes(data)
        for name, goal in (links or {}).items():
            os.symlink(goal, path / name)

    return make


def void(_: object) -> None:
    return None


def case(rule: str, said: str, make: Make) -> None:
    CASES.append((rule, said, make))


def obj(kind: str, module: str | None = None, config: Any = None, **more: Any) -> Any:
    """A serialized object."""
    found = {"module": module, "class_name": kind, "config": {} if config is None else config, **more}
    return {key: value for key, value in found.items() if key != "module" or value is not None}


def function(module: str, name: str) -> Any:
    return obj("function", module, name, registered_name=name)


def lam(**config: Any) -> Any:
    return layer("Lambda", "shift", **config)


case("lambda-code", "a Python lambda", keras(around(lam(function=obj("__lambda__", None, {"code": CODE})))))
case(
    "lambda-code",
    "a Python lambda",
    keras(around(lam(function=obj("__lambda__", None, {"value": [CODE, None, None]})))),
)
case("lambda-code", "bytes of code", keras(around(layer("Dense", "d", activation={"value": [CODE, None, None]}))))
case("lambda-code", "bytes of code", keras(around(lam(function=[CODE, None, None], function_type="lambda"))))
case("lambda-code", "bytes of code", h5(void, around(lam(output_shape=[CODE, None, None], output_shape_type="lambda"))))
case("lambda-code", "a Python lambda", keras(around(lam(function=obj("__lambda__", None, {"code": "not code"})))))
case(
    "lambda-code",
    "a Python lambda",
    keras({**around(), "compile_config": {"loss": obj("__lambda__", None, {"code": CODE})}}),
)
case("code-in-text", "Python bytecode", keras(around(layer("Dense", "d", note="!" + CODE))))
case("code-in-text", "Python bytecode", keras(around(layer("Dense", "d", deep=[[{"a": [CODE]}]]))))
case("python-module", "os.system", keras(around(layer("Dense", "d", activation=function("os", "system")))))
case("python-module", "os, of Python itself", keras(around(layer("Dense", "d", note={"module": "os"}))))
case("python-module", "builtins.eval", keras(around(lam(function=function("builtins", "eval")))))
case("python-module", "subprocess.Popen", keras(around(obj("Popen", "subprocess", {"args": ["x"]}))))
case("python-module", "importlib.import_module", keras(around(lam(function=function("importlib", "import_module")))))
for module, name in (
    ("keras.config", "enable_unsafe_deserialization"),
    ("keras.utils", "get_file"),
    ("keras.src.utils.file_utils", "get_file"),
    ("keras.models", "load_model"),
    ("keras.saving", "load_model"),
    ("tf_keras.saving", "load_model"),
    ("keras.preprocessing.image", "load_img"),
    ("keras.activations", "deserialize"),
    ("keras", "anything"),
):
    case("unsafe-api", f"{module}.{name}", keras(around(lam(function=function(module, name)))))
case("unsafe-api", "keras.models.load_model", keras(around(obj("load_model", "keras.models"))))
case("unsafe-api", "keras.utils.Progbar", keras(around(obj("Progbar", "keras.utils"))))
case("loads-elsewhere", "a SavedModel from a path", keras(around(layer("TFSMLayer", "t", filepath="/tmp/x"))))
case("loads-elsewhere", "unpickles", keras(around(layer("TorchModuleWrapper", "t", module_="keras.utils"))))
case("loads-elsewhere", "functions that the file says", keras(around(layer("JaxLayer", "t"))))
case("tensorflow-function", "tf.io.write_file", keras(around(layer("TFOpLambda", "t", function="io.write_file"))))
case(
    "tensorflow-function",
    "tf.numpy_function",
    h5(void, around(layer("TFOpLambda", "t", module=None, function="numpy_function"))),
)
case(
    "tensorflow-function",
    "operation ReadFile",
    h5(void, around(layer("TensorFlowOpLayer", "t", node_def='op: "ReadFile"'))),
)
case("reads-file", "'/etc/passwd'", keras(around(layer("StringLookup", "s", vocabulary="/etc/passwd"))))
case("reads-file", "'words.txt'", keras(around(layer("TextVectorization", "s", vocabulary="words.txt"))))
case(
    "reads-file",
    "http://10.0.0.1/x",
    keras(around(layer("Tokenizer", "s", module="keras_hub", proto="http://10.0.0.1/x"))),
)
case("imports-module", "Scale of the module mine.layers", keras(around(layer("Scale", "s", module="mine.layers"))))
case(
    "imports-module",
    "loss of the module numpy",
    keras({**around(), "compile_config": {"loss": function("numpy", "loss")}}),
)
case("custom-object", "a class Net that", h5(void, {"class_name": "Net", "config": {}}))
case(
    "custom-object",
    "a class mine>Scale",
    keras(around({**layer("Scale", "s", module=None), "registered_name": "mine>Scale"})),
)
case("custom-object", "a class Scale that", h5(void, around(layer("Scale", "s", module=None))))
case("custom-object", "a class mine>Scale", h5(void, around(layer("mine>Scale", "s", module=None))))
case(
    "custom-object",
    "a function my_loss",
    keras({**around(), "compile_config": {"loss": function("builtins", "my_loss")}}),
)
case("disguise", "registered as mine>Dense", keras(around({**layer("Dense", "d"), "registered_name": "mine>Dense"})))
case("double-key", "'class_name' stands twice", keras(b'{"class_name": "A", "class_name": "B", "config": {}}'))
case("absurd-size", "units is 5,000,000,000", keras(around(layer("Dense", "d", units=5_000_000_000))))
case("absurd-size", "batch_shape is 9,223", keras(sequential([source("image", [None, 2**63])])))
case("absurd-size", "units is huge", keras(b'{"class_name": "Dense", "config": {"units": 1' + b"0" * 5000 + b"}}"))
case("path-in-name", "'../../x'", keras(around(layer("Dense", "../../x"))))
case("path-in-name", "'/etc/x'", keras(around(layer("Dense", "/etc/x"))))
case("path-in-name", "'../evil.txt'", keras(around(), {"../evil.txt": b"x"}))
case("path-in-name", "'/etc/cron.d/x'", keras(around(), {"/etc/cron.d/x": b"x"}))
case("path-in-name", r"'assets\\..\\..\\x'", keras(around(), {"assets\\..\\..\\x": b"x"}))
case("path-in-name", "'..'", h5(lambda file: file.create_group("model_weights/..").create_group("x")))
case("hidden-characters", r"\u202e", keras(around(layer("Dense", "a\u202eb"))))
case("hidden-characters", r"\x1b", keras(around(layer("Dense", "d", note="\x1b[31m"))))
case("hidden-characters", r"\u200b", keras(around(layer("Dense", "d", **{"units\u200b": 1}))))
case("hidden-characters", r"\u2066", h5(lambda file: file.create_group("model_weights/a\u2066b")))
case("hidden-characters", r"\u202e", keras(around(), {"assets/a\u202egnp.py.txt": b""}))
case(
    "path-in-config",
    "an address 'https://example.org/x'",
    keras(around(layer("Dense", "d", note="https://example.org/x"))),
)
case("path-in-config", "a path '/home/me/data.csv'", keras(around(layer("Dense", "d", note="/home/me/data.csv"))))
case("path-in-config", "'../secret'", keras(around(layer("Dense", "d", note=["../secret"]))))
case("path-in-config", r"'C:\\x'", h5(void, around(layer("Dense", "d", note="C:\\x"))))
twice = [Entry(b"config.json", b"{}"), Entry(b"config.json", b"[]")]
case("ambiguous-archive", "the same name", raw(crafted(twice)))
lying = Entry(b"config.json", b"{}", local_name=b"config.jso_")
case("ambiguous-archive", "disagree", raw(crafted([Entry(b"metadata.json", b"{}"), lying])))
case("polyglot", "20 bytes before", raw(archive(members(around()), prefix=b"#!/bin/sh\nrm -rf /\n\n")))
case("polyglot", "bytes before", raw(json.dumps(around()).encode() + archive(members(around()))))


def npz(path: Path) -> None:
    import numpy

    made = io.BytesIO()
    numpy.savez(made, a=numpy.array([{"a": 1}], dtype=object), b=numpy.zeros(3))
    keras(around(), {"model.weights.npz": made.getvalue()})(path)


case("pickled-array", "an array of Python objects", npz)
case("link-in-folder", "a symbolic link", folder(members(around()), {"model.weights.h5": "/etc/passwd"}))
case("pickle", "'assets/x.pkl'", keras(around(), {"assets/x.pkl": b"\x80\x04N."}))
case("pickle", "a pickle instead of a model", raw(b"\x80\x04N."))
case("inflates", "that become 100,000,000", raw(archive(members(around(), assets__zeros=bytes(100_000_000)), method=8)))
case("unexpected-file", "'run.py'", keras(around(), {"run.py": b""}))
case("unexpected-file", "'assets/x/hook.so'", keras(around(), {"assets/x/hook.so": b""}))


def elsewhere(name: str) -> Callable[[Any], None]:
    def fill(file: Any) -> None:
        import h5py

        group = file.create_group("model_weights")
        if name == "external link":
            group["x"] = h5py.ExternalLink("/etc/secret.h5", "/a")
        elif name == "soft link":
            group["x"] = h5py.SoftLink("/a")
        elif name == "cycle":
            group["x"] = group
        elif name == "external data":
            group.create_dataset("x", (4,), "f4", external=[("/etc/passwd", 0, 16)])
        elif name == "virtual data":
            layout = h5py.VirtualLayout((4,), "f4")
            layout[:] = h5py.VirtualSource("/etc/other.h5", "x", (4,))
            group.create_virtual_dataset("x", layout)
        else:
            group.create_dataset("x", (50_000_000, 50_000_000), "f4", chunks=(1000, 1000))

    return fill


case("external-link", "'/a' in the file '/etc/secret.h5'", h5(elsewhere("external link")))
case("external-data", "whose data are in another file", h5(elsewhere("external data")))
case("virtual-data", "made of others", h5(elsewhere("virtual data")))
case("soft-link", "a link to '/a'", h5(elsewhere("soft link")))
case("link-cycle", "a group that holds itself", h5(elsewhere("cycle")))
case("shape-bomb", "2,500,000,000,000,000 elements", h5(elsewhere("shape")))


def crafted_hdf5(link: int | None) -> Make:
    from tests.core.read.hdf5_bytes import LINK_INFO, File, other

    file = File(reserve=104)
    if link is not None:
        return raw(file.end(file.header(LINK_INFO, other(b"u", link, b"x")), 2))
    return raw(file.end(file.group({b"odd": file.header((0x0F0F, b"12345678"))}), 2))


case("user-link", "a link of a kind of its own", crafted_hdf5(70))
case("unread-part", "which was not looked at", crafted_hdf5(None))

SAVED_MODEL = b"\x12\x08ReadFile\x1a\x00" * 2
case("graph-operation", "ReadFile", folder({"saved_model.pb": bytes(5_000) + SAVED_MODEL}))
case("graph-operation", "PyFunc", folder({"saved_model.pb": bytes((1 << 20) - 3) + b"\x12\x06PyFunc"}))
CLEAN: dict[str, Make] = {
    "archive": keras(around(layer("Dense", "block1/conv", units=3))),
    "hdf5": h5(void, around(layer("Dense", "block1/conv", module=None, units=3))),
    "vocabulary": keras(around(layer("StringLookup", "s", vocabulary=["/a/b", "\u202e", "https://x.y/z", "\x00"]))),
    "functional": keras(functional([source("a", [None, 4])], ["a", 0, 0], ["a", 0, 0])),
    "json": raw(json.dumps(around()).encode()),
    "json in json": raw(json.dumps(json.dumps(around())).encode()),
    "saved model": folder(
        {"saved_model.pb": b"\x12\x06MatMul", "variables/variables.index": b"", "assets/v.txt": b"a"}
    ),
    "folder": folder({**members(around()), ".git/HEAD": b"ref: x", ".gitattributes": b"", "README.md": b""}),
    "losses": keras({**around(), "compile_config": {"loss": function("builtins", "mean_squared_error")}}),
    "seeds": keras(around(layer("Dropout", "d", seed=2**40), layer("Dense", "e", shared_object_id=2**46))),
    "assets": keras(around(), {"assets/layers/s/vocabulary.txt": b"a\nb"}),
}
