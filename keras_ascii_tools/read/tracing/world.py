"""What Keras and the libraries under it keep outside of any model: counters, scopes, random states, settings."""

from __future__ import annotations

import random
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

from keras_ascii_tools.read.tracing.loaded import attributes_of
from keras_ascii_tools.read.tracing.snapshot import Snapshot

__all__ = ["kept_world"]

_ABSENT: Final = object()
_SUSPENDED: Final = ("autocast_scope", "current_call_ctx", "name_scope_stack")
"""Whatever is being called around a trace must not reach into it."""


@contextmanager
def kept_world() -> Generator[None]:
    """Leave with every counter, scope, setting and random state as on entry."""
    with ExitStack() as stack:
        for restore in (_kept_random(), _kept_numpy(), _kept_tensorflow(), _kept_config(), _kept_state()):
            stack.enter_context(restore)
        yield


@contextmanager
def _kept_state() -> Generator[None]:
    """The global state of Keras: name counters, the policy, the seed generator, open scopes, weights without values."""
    tracker = getattr(sys.modules.get("keras.src.backend.common.global_state"), "GLOBAL_STATE_TRACKER", None)
    if tracker is None:
        yield
        return
    state = attributes_of(tracker)
    # Keyed by the id of living tensors: entries that go while we trace must not come back.
    masks: dict[int, Any] = state.get("_keras_mask_dict") or {}
    before = set(masks)
    snapshot = Snapshot()
    snapshot.add({key: value for key, value in state.items() if value is not masks})
    saved = dict(state)
    for key in _SUSPENDED:
        state.pop(key, None)
    try:
        yield
    finally:
        snapshot.restore()
        state.clear()
        state.update(saved)
        for tensor in set(masks) - before:
            masks.pop(tensor, None)


@contextmanager
def _kept_config() -> Generator[None]:
    """The settings that Keras holds in a module: float type, epsilon, image data format."""
    module = sys.modules.get("keras.src.backend.config")
    config = {} if module is None else attributes_of(module)
    saved = {key: value for key, value in config.items() if key.startswith("_") and isinstance(value, (str, float))}
    try:
        yield
    finally:
        for key, value in saved.items():
            if config.get(key, _ABSENT) != value:
                config[key] = value


@contextmanager
def _kept_random() -> Generator[None]:
    state = random.getstate()
    try:
        yield
    finally:
        random.setstate(state)


@contextmanager
def _kept_numpy() -> Generator[None]:
    generator: Any = getattr(sys.modules.get("numpy"), "random", None)
    if generator is None:
        yield
        return
    state = generator.get_state()
    try:
        yield
    finally:
        generator.set_state(state)


@contextmanager
def _kept_tensorflow() -> Generator[None]:
    """TensorFlow's seeds, and whether its functions run as plain Python, which they do during a trace.

    A function that TensorFlow has compiled before does not run its Python code again, so its calls would stay unseen.
    """
    config: Any = getattr(sys.modules.get("tensorflow"), "config", None)
    if config is None:
        yield
        return
    context: Any = getattr(sys.modules.get("tensorflow.python.eager.context"), "context", lambda: None)()
    seeds = getattr(context, "_rng", None)
    state = seeds.getstate() if isinstance(seeds, random.Random) else None
    eager = config.functions_run_eagerly()
    try:
        config.run_functions_eagerly(True)
        yield
    finally:
        config.run_functions_eagerly(eager)
        if seeds is not None and state is not None:
            seeds.setstate(state)
