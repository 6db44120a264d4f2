"""Names that Keras makes up, of layers and in files, and names that a person gave. Knows names only, no layers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["container_names", "is_automatic", "snake_case"]

# Names that Keras 2 and 3 make up beside snake_case(class): tensors, clones, TensorFlow operations.
_OTHER_FORMS = re.compile(
    r"keras_tensor(_\d+)?(CLONE)?|.*CLONE|tf\.[\w.]+|(?:math|nn|linalg|image)\.[\w.]+|tf_op_layer_.*"
)
# A wrapper names the layers it makes after the layer it was given.
_WRAPPER_PREFIXES = ("forward_", "backward_")
# Class names whose objects Keras names after another spelling of the class.
_OTHER_SPELLINGS = {
    "GroupQueryAttention": "grouped_query_attention",
    "InputLayer": "input",
    "Functional": "model",
    "Model": "model",
}
# Files follow the name of the class itself, not that by which Keras exports it.
_OTHER_SPELLINGS_IN_FILES = {"GroupQueryAttention": "grouped_query_attention"}


@lru_cache(maxsize=1024)
def snake_case(kind: str) -> str:
    """Spell a class name as Keras does for automatic names (`keras.src.utils.naming.to_snake_case`)."""
    name = re.sub(r"\W+", "", kind)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def container_names(kinds: Iterable[str]) -> list[str]:
    """Return the names by which a file of Keras 3 has the objects of one list, given their classes in order.

    They are numbered by class: `dense`, `dropout`, `dense_1`.
    """
    counts: dict[str, int] = {}
    names: list[str] = []
    for kind in kinds:
        stem = _OTHER_SPELLINGS_IN_FILES.get(kind) or snake_case(kind)
        number = counts.get(stem, 0)
        counts[stem] = number + 1
        names.append(f"{stem}_{number}" if number else stem)
    return names


def is_automatic(name: str | None, kind: str, owner: str | None = None) -> bool:
    """Tell whether Keras made the name up.

    Args:
        name: The layer's or model's name; `None` and the empty name count as automatic.
        kind: Class name of the layer.
        owner: Automatic name of the layer or model that holds this one, which may prefix its name.
    """
    if not name:
        return True
    if owner and name.startswith(f"{owner}_") and is_automatic(name[len(owner) + 1 :], kind):
        return True
    for prefix in _WRAPPER_PREFIXES:
        if name.startswith(prefix):
            name = name[len(prefix) :]
    return _is_numbered(name, snake_case(kind)) or _is_other_form(name, kind)


def _is_numbered(name: str, stem: str) -> bool:
    """`stem` or `stem_12`; a number that Keras would not write (`stem_0`, `stem_01`) was written by a person."""
    rest = name.removeprefix(stem)
    return rest == "" or (name.startswith(stem) and re.fullmatch(r"_[1-9]\d*", rest) is not None)


def _is_other_form(name: str, kind: str) -> bool:
    spelling = _OTHER_SPELLINGS.get(kind)
    return _OTHER_FORMS.fullmatch(name) is not None or (spelling is not None and _is_numbered(name, spelling))
