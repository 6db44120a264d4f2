"""What becomes of old weights, as frozen data. Knows nothing of how it was found out, and no text form.

An *object* is what Keras loads at once: a layer, or a part of one that has arrays of its own, such as the cell of an
LSTM or the four projections of an attention.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Loading", "SkipMismatch", "Slot", "Status", "WeightsVerdict", "status_of"]


class Loading(StrEnum):
    """How Keras finds the arrays of a layer."""

    KERAS = "keras"
    """`.keras` and `.weights.h5` of Keras 3: by class and position in `model.layers`, or by attribute."""
    H5 = "h5"
    """Legacy `.h5`: the layers that have weights, in the order of `model.layers`."""
    H5_BY_NAME = "h5-by-name"
    """Legacy `.h5` with `by_name=True`: by the names of the model's own layers."""


class Status(StrEnum):
    """The verdict, from good to bad."""

    LOADS = "loads"
    """Nothing fails, and what is loaded is always the counterpart's; `untouched` says what is not loaded."""
    DROPS = "drops"
    """The same without an error, but some of the old weights go nowhere."""
    FAILS = "fails"
    """Keras raises."""
    WRONG = "wrong"
    """No error, but layers get the weights of others."""
    UNKNOWN = "unknown"
    """Something is not known that it depends on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """What becomes of one object."""

    after: str | None = None
    """The object that loads: names or kinds from the model inwards, `encoder/dense_1`; `None`: nothing takes it."""
    before: str | None = None
    """The object whose arrays it gets, or would get; `None`: there are none in the file."""
    after_layer: int | None = None
    """Id of the layer that loads, or that the object is a part of; `None`: the model itself, or nothing."""
    before_layer: int | None = None
    place: str = ""
    """Where Keras looks in the file: `layers/dense_1`, or with legacy files the name of a layer."""
    why: str = ""
    """In words; "" where nothing is to be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipMismatch:
    """What `skip_mismatch=True` does where loading fails without it."""

    raises: bool
    """Legacy files fail even so when the number of layers or of arrays differs."""
    loaded: int = 0
    """Objects that load in full."""
    wrong: tuple[Slot, ...] = ()
    """Of those and of those that load in part: the ones that get the arrays of others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightsVerdict:
    """What happens when the weights of one model are loaded into another.

    The lists are in the order in which `after` loads, `dropped` in the order in which `before` saves.
    """

    status: Status
    loading: Loading
    objects: int = 0
    """Objects of `after` that have arrays."""
    loaded: int = 0
    """Of them, those that load in full; a load that raises has overwritten them too."""
    missing: tuple[Slot, ...] = ()
    """Objects that Keras fails to load because the file has nothing for them."""
    mismatched: tuple[Slot, ...] = ()
    """Objects that Keras fails to load because the file has other arrays for them."""
    wrong: tuple[Slot, ...] = ()
    """Objects that get arrays without an error, but not those of their counterpart."""
    dropped: tuple[Slot, ...] = ()
    """Objects of `before` whose arrays, or some of them, go nowhere."""
    untouched: tuple[Slot, ...] = ()
    """Objects that get no arrays and no error: they keep their initial values."""
    unknown: tuple[Slot, ...] = ()
    """Objects of which it cannot be told."""
    exact: bool = True
    """Whether the lists are complete; else more may fail than is known, or less get lost."""
    skip_mismatch: SkipMismatch | None = None
    """`None` where loading does not fail."""
    reason: str = ""
    """One line: why it fails or is not known."""

    @property
    def failed(self) -> int:
        """Number of objects that Keras says could not be loaded."""
        return len(self.missing) + len(self.mismatched)


def status_of(*, failed: bool, unknown: bool, wrong: bool, dropped: bool) -> Status:
    """Return the verdict: that it fails is certain even where something else is not known."""
    if failed:
        return Status.FAILS
    if unknown:
        return Status.UNKNOWN
    if wrong:
        return Status.WRONG
    return Status.DROPS if dropped else Status.LOADS
