"""The words above and below a drawing: what it is, what it weighs, and what is not shown. Knows no rows."""

from __future__ import annotations

from collections.abc import Sequence

from keras_ascii_tools.escape import visible
from keras_ascii_tools.glyphs import CHARSETS, Charset
from keras_ascii_tools.graph import How, Layer, ModelGraph, Optimizer, TensorRef
from keras_ascii_tools.notation.fields import format_shape
from keras_ascii_tools.options import DrawOptions
from keras_ascii_tools.width import clip
from keras_ascii_tools.write.describe import describe
from keras_ascii_tools.write.sections import Part
from keras_ascii_tools.write.sheet import Line, Role, line_of
from keras_ascii_tools.write.sources import end_names

__all__ = ["MAX_NAME", "description_of", "ends_of", "footer_of", "format_bytes", "heading_of", "title_of", "wrapped"]

MAX_NAME = 50
"""Longer names are cut, so that one cannot push everything out of sight; the longest of keras.applications has 46."""
MAX_ENDS = 4
"""So many inputs or outputs are listed; more are counted."""


def title_of(graph: ModelGraph, charset: Charset) -> str:
    """`unet (Functional)  image 128 128 3 → mask 128 128 1`."""
    name = f"{_safe(graph.given_name, charset)} " if graph.given_name else ""
    ends = ends_of(graph, charset)
    return f"{name}({_safe(graph.kind, charset)})" + (f"  {ends}" if ends else "")


def ends_of(graph: ModelGraph, charset: Charset) -> str:
    """`image 128 128 3 → mask 128 128 1`; empty if nothing of them is known."""
    if graph.how is How.UNBUILT or all(ref is None for ref in (*graph.inputs, *graph.outputs)):
        return ""
    inputs = _ends(graph, graph.inputs, charset, "inputs")
    return f"{inputs} {charset.arrow} {_ends(graph, graph.outputs, charset, 'outputs')}"


def _safe(name: str | None, charset: Charset) -> str:
    return clip(_shown(name or "", charset), MAX_NAME, charset.ellipsis)


def _shown(text: str, charset: Charset) -> str:
    text = visible(text)
    return text if charset.name != "ascii" else text.encode("ascii", "backslashreplace").decode("ascii")


def _ends(graph: ModelGraph, refs: Sequence[TensorRef | None], charset: Charset, what: str) -> str:
    if len(refs) > MAX_ENDS:
        return f"{len(refs)} {what}"
    texts: list[str] = []
    structure = graph.input_structure if what == "inputs" else graph.output_structure
    for ref, key in zip(refs, end_names(structure, len(refs)), strict=True):
        if ref is None:
            texts.append("unknown")
            continue
        name = key or graph.nodes[ref.node].layer.given_name
        shape = format_shape(graph.spec(ref).shape)
        texts.append(f"{_safe(name, charset)} {shape}" if name else shape)
    return ", ".join(texts) or "none"


def description_of(graph: ModelGraph) -> str:
    """Say in a sentence or two what is drawn, for those who cannot see it."""
    charset = CHARSETS["ascii"]
    name = f" {_safe(graph.given_name, charset)}" if graph.given_name else ""
    params = graph.params
    weights = "an unknown number of weights" if params is None else f"{params:,} weights"
    return (
        f"{_safe(graph.kind, charset)} model{name} with {len(graph.nodes)} layer calls and {weights}. "
        f"Inputs: {_ends(graph, graph.inputs, charset, 'inputs')}. "
        f"Outputs: {_ends(graph, graph.outputs, charset, 'outputs')}."
    )


def heading_of(owner: Layer, charset: Charset, *, calls: int = 1, alike: int = 0) -> str:
    """`encoder (Sequential), called 2 times`: whose body a section is."""
    inner = "" if owner.given_name else describe(owner, charset.times).inner
    kind = _safe(owner.kind, charset)
    words = [f"{_safe(owner.given_name, charset)} ({kind})" if owner.given_name else f"({kind})"]
    if inner:  # as on its row: that it is some wrapper says little
        words = [f"{kind}({_safe(inner, charset)})"]
    if calls > 1:
        words.append(f"called {calls} times")
    if alike:
        words.append(f"and {alike} more like it")
    if owner.graph is not None and owner.graph.own_params:
        words.append(f"{owner.graph.own_params:,} weights in no inner layer")
    return ", ".join(words)


def footer_of(graph: ModelGraph, parts: Sequence[Part], options: DrawOptions, cut: int) -> tuple[Line, ...]:
    """Write the totals, and what is not shown, with counts."""
    params, trainable = graph.params, graph.trainable_params
    words = [_weights(params, graph.bytes)]
    if params is not None and trainable is not None and trainable != params:
        words.append(f"{trainable:,} trainable")
        words.append(f"{params - trainable:,} not")
    if params and graph.own_params:
        words.append(f"{graph.own_params:,} in no layer")
    if graph.dtype_policy not in {None, "float32"}:
        words.append(f"policy {graph.dtype_policy}")
    if graph.optimizer is not None:
        words += _optimizer(graph.optimizer)
    if "macs" in options.columns:
        from keras_ascii_tools.costs import total_macs  # as for the column

        cost = total_macs(graph)
        words.append("MACs unknown" if cost is None else f"{cost:,} MACs per sample")
    charset = CHARSETS[options.charset]
    lines = [_shown(line, charset) for line in (", ".join(words), *_not_shown(graph, parts, options, cut))]
    pieces = [
        (part, Role.NOTE if number else Role.HEADER)
        for number, line in enumerate(lines)
        for part in wrapped(line, options)
    ]
    return tuple(line_of(piece) for piece in pieces)


def wrapped(line: str, options: DrawOptions) -> list[str]:
    """Break a line that is for people into lines of the width that is to be kept."""
    if options.width is None or len(line) <= options.width:
        return [line]
    from textwrap import wrap

    return wrap(line, options.width, subsequent_indent="  ")


def _weights(params: int | None, size: int | None) -> str:
    if params is None:
        return "weights unknown"
    return f"{params:,} weights" + (f" ({format_bytes(size)})" if params and size is not None else "")


def _not_shown(graph: ModelGraph, parts: Sequence[Part], options: DrawOptions, cut: int) -> list[str]:
    lines: list[str] = []
    if graph.how is How.TRACED:
        lines.append("the calls were traced; the model does not declare them")
    if graph.how is How.RECORDED:
        lines.append("the calls were recorded as they happened; with other values there may be others")
    if graph.how in {How.LAYERS_ONLY, How.WEIGHTS}:
        lines.append("layers only: how they are connected is not known")
    lines += graph.notes
    views = [part.laid.view for part in parts if part.laid.view is not None]
    drawn = sum(len(view.graph.nodes) for view in views)
    stood_for = sum(view.stands_for for view in views)
    if stood_for != drawn:
        lines.append(f"{_counted(drawn, 'row')} for {_counted(stood_for, 'layer call')}")
    if plumbing := sum(view.plumbing for view in views):
        lines.append(
            f"{_counted(plumbing, 'operation')} that Keras inserted: not shown; the option plumbing shows them"
        )
    if left_out := sum(view.left_out for view in views):
        lines.append(f"{_counted(left_out, 'layer call')} left out")
    if cut:
        why = "; the snapshot profile cuts nothing" if options.width is None else f" to fit {options.width} columns"
        lines.append(f"{_counted(cut, 'text')} cut or left out{why}")
    return lines


def _optimizer(optimizer: Optimizer) -> list[str]:
    """What an optimizer keeps beside the model; nothing where that is not known."""
    if optimizer.params is None:
        return []
    return [f"optimizer {visible(optimizer.kind)} {optimizer.params:,} ({format_bytes(optimizer.bytes)}) apart"]


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def format_bytes(size: int | None) -> str:
    """`7.40 MiB`."""
    if size is None:
        return "unknown size"
    amount, unit = float(size), "B"
    for bigger in ("KiB", "MiB", "GiB", "TiB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, bigger
    return f"{size} B" if unit == "B" else f"{amount:.2f} {unit}"
