"""Drawing holds back the collector, needs it for nothing, and leaves it as it was."""

from __future__ import annotations

import gc

import pytest

import keras_ascii_tools as kat
from tests.core.write.models import Maker


def chain(length: int) -> kat.ModelGraph:
    make = Maker()
    x = make.input(4)
    for _ in range(length):
        x = make.call("Dense", x, shape=(4,), params=20)
    return make.graph(x)


@pytest.mark.parametrize("profile", ["display", "snapshot"])
@pytest.mark.parametrize("on", [True, False])
def test_the_collector_is_as_it_was(profile: str, on: bool) -> None:
    was = gc.isenabled()
    try:
        (gc.enable if on else gc.disable)()
        kat.draw(chain(3), profile=profile)
        assert gc.isenabled() is on
        with pytest.raises(kat.OptionError):
            kat.draw(chain(3), style="classic", sort="name")
        assert gc.isenabled() is on
    finally:
        (gc.enable if was else gc.disable)()


@pytest.mark.parametrize(
    "options", [{}, {"profile": "snapshot"}, {"style": "classic"}, {"fold": "exact", "fuse": True}]
)
def test_a_drawing_leaves_no_more_cycles_the_larger_it_is(options: dict[str, object]) -> None:
    def left_by(length: int) -> int:
        graph = chain(length)
        str(kat.draw(graph, **options))
        gc.collect()
        str(kat.draw(graph, **options))
        return gc.collect()

    assert left_by(400) <= left_by(20) + 50
