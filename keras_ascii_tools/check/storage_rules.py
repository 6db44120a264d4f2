"""Rules for how a model is stored. Subjects: `PackedFile`, `Finding` of HDF5, `Sized`. Never read what is stored."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from keras_ascii_tools.check.findings import DANGER, DOUBT, Rule
from keras_ascii_tools.read.hdf5 import Finding as Hdf5Finding

__all__ = [
    "AMBIGUOUS",
    "ARRAY_RULES",
    "LINK_RULES",
    "MEMBER_RULES",
    "PICKLE",
    "PICKLED",
    "PREFIX",
    "PackedFile",
    "Sized",
]


@dataclass(frozen=True, slots=True)
class PackedFile:
    """A file in an archive or in a folder."""

    name: str
    size: int
    packed: int
    link: bool
    """Whether it is a symbolic link."""


@dataclass(frozen=True, slots=True)
class Sized:
    """An array of an HDF5 file, and the file."""

    shape: tuple[int, ...] | None
    layout: str
    file_size: int


def _link(file: PackedFile) -> Iterator[str]:
    if file.link:
        yield "a symbolic link instead of a file"


def _pickle(file: PackedFile) -> Iterator[str]:
    if file.name.lower().endswith(_PICKLES):
        yield f"{file.name!r}, a format that runs code when it is loaded"


_PICKLES: Final = (".pkl", ".pickle", ".pt", ".pth", ".joblib", ".dill", ".ckpt.meta", ".bin.pt")


def _bomb(file: PackedFile) -> Iterator[str]:
    if file.size > _BOMB and file.size > 200 * file.packed:
        yield f"{file.packed:,} bytes that become {file.size:,}"


_BOMB: Final = 64 << 20


def _unexpected(file: PackedFile) -> Iterator[str]:
    if not _EXPECTED.fullmatch(file.name):
        yield f"{file.name!r}, which Keras does not put there"


_EXPECTED: Final = re.compile(
    r"metadata\.json|config\.json|README\.md|LICENSE[\w.]*|\.gitattributes|model\.weights(\.h5|\.npz|\.json|_\d+\.h5|_\d+\.weights\.h5)"
    r"|model_\d+\.weights\.h5|assets/|assets/(?!.*\.(py|pyc|so|dll|dylib|exe|sh|bat|js|jar|ps1)$).*"
    r"|keras_metadata\.pb|saved_model\.pb|saved_model\.pbtxt|fingerprint\.pb|variables/|variables/variables\.[\w.-]+"
    r"|assets\.extra/.*|tokenizer\.json|preprocessor\.json|task\.json|image_converter\.json|task\.weights\.h5",
    re.S | re.I,
)

PICKLE: Final = Rule("pickle", DANGER, "a pickle can run anything", _pickle)
MEMBER_RULES: Final = (
    Rule("link-in-folder", DANGER, "loading the model reads what it leads to", _link),
    PICKLE,
    Rule("inflates", DANGER, "memory may run out when the model is loaded", _bomb),
    Rule("unexpected-file", DOUBT, "it has another purpose than the model", _unexpected),
)
"""For the members of an archive and the files of a folder."""


def _of_kind(kind: str, text: str) -> Callable[[Hdf5Finding], Iterator[str]]:
    def look(finding: Hdf5Finding) -> Iterator[str]:
        if finding.kind == kind:
            yield text.format(target=finding.target, file=finding.file)

    return look


def _unread(finding: Hdf5Finding) -> Iterator[str]:
    if finding.kind in ("unknown object", "unknown message", "unread attribute", "unread type"):
        yield f"an {finding.kind} of HDF5, which was not looked at"


_OUTSIDE = "the HDF5 library reads that file when the model is loaded"
LINK_RULES: Final = (
    Rule("external-link", DANGER, _OUTSIDE, _of_kind("external link", "a link to {target!r} in the file {file!r}")),
    Rule("external-data", DANGER, _OUTSIDE, _of_kind("external data", "an array whose data are in another file")),
    Rule("virtual-data", DANGER, _OUTSIDE, _of_kind("virtual data", "an array made of others, perhaps of other files")),
    Rule("soft-link", DOUBT, "Keras writes none", _of_kind("soft link", "a link to {target!r}")),
    Rule("user-link", DOUBT, "Keras writes none", _of_kind("user-defined link", "a link of a kind of its own")),
    Rule("link-cycle", DOUBT, "who follows it does not come to an end", _of_kind("cycle", "a group that holds itself")),
    Rule("unread-part", DOUBT, "it cannot be judged", _unread),
)
"""For what the reader of HDF5 does not follow or understand."""


def _shape_bomb(sized: Sized) -> Iterator[str]:
    elements = math.prod(sized.shape or ())
    if elements > _MOST_ELEMENTS and elements > _DEFLATED * sized.file_size:
        yield f"an array of {elements:,} elements in a file of {sized.file_size:,} bytes"


_MOST_ELEMENTS: Final = 1 << 24
_DEFLATED: Final = 1032
"""No byte of deflated data becomes more."""

ARRAY_RULES: Final = (Rule("shape-bomb", DANGER, "memory may run out when the model is loaded", _shape_bomb),)
"""For the arrays of an HDF5 file."""


def _none(_: object) -> Iterator[str]:
    return iter(())


AMBIGUOUS: Final = Rule("ambiguous-archive", DANGER, "programs see different things in it", _none)
"""Found by the reader of archives, which refuses them."""
PREFIX: Final = Rule("polyglot", DOUBT, "it may be a file of another kind as well", _none)
PICKLED: Final = Rule("pickled-array", DANGER, "a pickle can run anything", _none)
