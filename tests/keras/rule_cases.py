"""Built-in layers with a spread of settings, each with what it is called on; needs no Keras to list them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any, NamedTuple


class Case(NamedTuple):
    kind: str
    settings: dict[str, Any]
    inputs: tuple[tuple[int | None, ...], ...]
    dtype: str = "float32"
    as_list: bool = False
    call: dict[str, Any] = {}  # noqa: RUF012 - never changed


def _spread(**options: Any) -> Iterator[dict[str, Any]]:
    for values in product(*options.values()):
        yield dict(zip(options, values, strict=True))


IMAGES = {
    1: ((None, 9, 4), (2, None, 4)),
    2: ((None, 9, 8, 4), (2, None, 7, 4)),
    3: ((None, 9, 8, 7, 4), (2, None, 7, 9, 4)),
}
FIRST = {1: (None, 4, 9), 2: (None, 4, 9, None), 3: (None, 4, 9, 8, 7)}


def _images(rank: int) -> Iterator[tuple[dict[str, str], tuple[int | None, ...]]]:
    for shape in IMAGES[rank]:
        yield {"data_format": "channels_last"}, shape
    yield {"data_format": "channels_first"}, FIRST[rank]


def _spatial() -> Iterator[Case]:
    for rank in (1, 2, 3):
        for form, shape in _images(rank):
            for more in _spread(
                padding=["valid", "same"], strides=[1, 2], dilation_rate=[1, 2], use_bias=[True, False]
            ):
                if more["strides"] == 1 or more["dilation_rate"] == 1:
                    yield Case(f"Conv{rank}D", {"filters": 6, "kernel_size": 3, **form, **more}, (shape,))
                    yield Case(f"Conv{rank}DTranspose", {"filters": 6, "kernel_size": 3, **form, **more}, (shape,))
                    if rank < 3:
                        many = {"kernel_size": 2, "depth_multiplier": 3, **form, **more}
                        yield Case(f"DepthwiseConv{rank}D", many, (shape,))
                        yield Case(f"SeparableConv{rank}D", {"filters": 6, **many}, (shape,))
            yield Case(f"Conv{rank}D", {"filters": 6, "kernel_size": 1, "groups": 2, **form}, (shape,))
            yield Case(
                f"Conv{rank}DTranspose",
                {"filters": 2, "kernel_size": 3, "strides": 2, "output_padding": 1, **form},
                (shape,),
            )
            yield Case(
                f"Conv{rank}DTranspose",
                {"filters": 2, "kernel_size": 3, "strides": 3, "padding": "same", "output_padding": 1, **form},
                (shape,),
            )
            for way in ("Max", "Average"):
                for more in _spread(padding=["valid", "same"], strides=[None, 1, 3], pool_size=[2, 3]):
                    yield Case(f"{way}Pooling{rank}D", {**form, **more}, (shape,))
                yield Case(f"Global{way}Pooling{rank}D", {**form, "keepdims": True}, (shape,))
                yield Case(f"Global{way}Pooling{rank}D", form, (shape,))
                yield Case(f"Adaptive{way}Pooling{rank}D", {**form, "output_size": 2}, (shape,))
        for shape in IMAGES[rank]:
            yield Case(f"UpSampling{rank}D", {"size": 3}, (shape,))
            yield Case(f"ZeroPadding{rank}D", {"padding": 2}, (shape,))
            yield Case(f"Cropping{rank}D", {"cropping": 1}, (shape,))
            yield Case(f"SpatialDropout{rank}D", {"rate": 0.5}, (shape,))
    yield Case("Conv1D", {"filters": 2, "kernel_size": 3, "padding": "causal", "dilation_rate": 2}, ((None, 9, 4),))
    yield Case("UpSampling2D", {"size": (2, 3), "data_format": "channels_first"}, ((None, 4, 9, 8),))
    yield Case("ZeroPadding2D", {"padding": ((1, 2), (3, 4))}, ((None, 9, None, 4),))
    yield Case("ZeroPadding1D", {"padding": (1, 2)}, ((None, 9, 4),))
    yield Case("Cropping2D", {"cropping": ((1, 2), (0, 3)), "data_format": "channels_first"}, ((None, 4, 9, 8),))
    yield Case("Cropping3D", {"cropping": (1, 2, 1)}, ((None, 9, 8, 7, 4),))
    for kind, (form, shape) in product(("Resizing", "CenterCrop", "RandomCrop"), list(_images(2))[::2]):
        yield Case(kind, {"height": 5, "width": 6, **form}, (shape,))


SAME = """ActivityRegularization AlphaDropout Dropout ELU GaussianDropout GaussianNoise Identity LeakyReLU Masking ReLU
Softmax UnitNormalization AutoContrast Equalization RandomGrayscale Solarization""".split()  # noqa: SIM905
WITH = {
    "Activation": {"activation": "gelu"},
    "AlphaDropout": {"rate": 0.1},
    "Dropout": {"rate": 0.1},
    "GaussianDropout": {"rate": 0.1},
    "GaussianNoise": {"stddev": 0.1},
    "Rescaling": {"scale": 0.1},
    "RandomBrightness": {"factor": 0.1},
    "RandomContrast": {"factor": 0.1},
    "RandomFlip": {},
    "RandomRotation": {"factor": 0.1},
    "RandomTranslation": {"height_factor": 0.1, "width_factor": 0.1},
    "RandomZoom": {"height_factor": 0.1},
    "RandomHue": {"factor": 0.1},
    "RandomSaturation": {"factor": 0.1},
    "RandomSharpness": {"factor": 0.1},
    "RandomShear": {},
    "RandomErasing": {},
    "RandomGaussianBlur": {},
    "RandomInvert": {},
    "RandomPerspective": {},
    "RandomPosterization": {"factor": 4},
    "RandomColorDegeneration": {"factor": 0.1},
    "RandomColorJitter": {},
    "RandomElasticTransform": {},
    "RandAugment": {},
    "AugMix": {},
    "ContrastLimitedAdaptiveHistogramEqualization": {},
    "CutMix": {},
    "MixUp": {},
}


def _plain() -> Iterator[Case]:
    for kind in {**dict.fromkeys(SAME), **WITH}:
        for dtype in ("float32", "float16"):
            yield Case(kind, WITH.get(kind, {}), ((None, 8, 8, 3),), dtype)
    for kind in ("Identity", "Flatten"):
        yield Case(kind, {}, ((None, 4, 2),), "int32")
    yield Case("Permute", {"dims": (2, 1)}, ((None, 4, None),), "int32")
    yield Case("Reshape", {"target_shape": (2, -1)}, ((None, 4, 3),), "int32")
    yield Case("Reshape", {"target_shape": (2, 6)}, ((3, 4, 3),))
    yield Case("Reshape", {"target_shape": (-1,)}, ((None, None, 3),))
    yield Case("Lambda", {"function": abs, "output_shape": (4, None)}, ((None, 8),))
    yield Case("RepeatVector", {"n": 3}, ((None, 5),))
    yield Case("Flatten", {}, ((None,),))
    yield Case("Flatten", {}, ((None, None, 2),))
    for kind in ("Add", "Average", "Maximum", "Minimum", "Multiply"):
        yield Case(kind, {}, ((None, 4, 3), (2, 4, 3), (None, 1, 3)), as_list=True)
    yield Case("Subtract", {}, ((None, 4), (None, 4)), as_list=True)
    yield Case("Add", {}, ((None, 4, 3), (None, 3)), as_list=True)
    yield Case("Add", {}, ((None, None, 3), (None, 4, 3)), as_list=True)
    for axis in (1, 2, -1):
        yield Case("Concatenate", {"axis": axis}, ((None, 4, 3), (None, 4, 3), (None, 4, 3)), as_list=True)
    yield Case("Concatenate", {"axis": 1}, ((None, None, 3), (None, 4, 3)), as_list=True)
    for axes in (1, -1, (2, 1)):
        yield Case("Dot", {"axes": axes}, ((None, 4, 4), (None, 4, 4)), as_list=True)
    yield Case("Dot", {"axes": 1}, ((None, 4), (None, 4)), as_list=True)
    for shared in (None, [1], [1, 2]):
        yield Case("PReLU", {"shared_axes": shared}, ((None, 4, 5, 3),))
    for more in _spread(scale=[True, False], center=[True, False]):
        yield Case("BatchNormalization", more, ((None, 4, 3),))
        yield Case("LayerNormalization", more, ((None, 4, 3),))
        yield Case("GroupNormalization", {"groups": 3, **more}, ((None, 4, 6),))
    yield Case("BatchNormalization", {"axis": 1, "renorm": True}, ((None, 4, 3),))
    yield Case("LayerNormalization", {"axis": [1, 2]}, ((None, 4, 3),))
    yield Case("LayerNormalization", {"rms_scaling": True}, ((None, 4, 3),))
    yield Case("RMSNormalization", {"axis": [-1, 1]}, ((None, 4, 3),))
    yield Case("RMSNormalization", {}, ((None, 4, 3),))
    for axis in (-1, (1, 2), None):
        yield Case("Normalization", {"axis": axis}, ((None, 4, 3),))
    yield Case("Normalization", {"mean": 1.0, "variance": 2.0}, ((None, 4, 3),))


def _sequences() -> Iterator[Case]:
    for policy in ("float32", "mixed_float16", "mixed_bfloat16"):
        yield Case("Dense", {"units": 5, "dtype": policy}, ((None, 4, 3),))
        yield Case("LSTM", {"units": 5, "dtype": policy}, ((None, 4, 3),))
        yield Case("BatchNormalization", {"dtype": policy}, ((None, 4, 3),))
        yield Case("Embedding", {"input_dim": 9, "output_dim": 5, "dtype": policy}, ((None, 4),), "int32")
        yield Case("Flatten", {"dtype": policy}, ((None, 4),), "float32")
    yield Case("Dense", {"units": 5, "use_bias": False}, ((None, 4, 3),))
    yield Case("Dense", {"units": 5, "lora_rank": 2}, ((None, 4, 3),))
    yield Case("Embedding", {"input_dim": 9, "output_dim": 5, "lora_rank": 2}, ((None,),), "int32")
    yield Case("Conv2D", {"filters": 3, "kernel_size": 2, "lora_rank": 2}, ((None, 9, 9, 3),))
    yield Case("ReversibleEmbedding", {"input_dim": 9, "output_dim": 5, "tie_weights": False}, ((None, 4),), "int32")
    yield Case("ReversibleEmbedding", {"input_dim": 9, "output_dim": 5}, ((None, 4),), "int32")
    for equation, output, bias, shape in (
        ("abc,cd->abd", (None, 6), "d", (None, 4, 3)),
        ("abc,cde->abde", (None, 6, 2), "de", (None, 4, 3)),
        ("abc,cde->abde", (None, 6, 2), "d", (None, 4, 3)),
        ("...x,xy->...y", 6, "y", (None, 4, 5, 3)),
        ("ab...,bc->ac...", 6, "c", (None, 4, 5, 3)),
        ("abc,bcd->ad", 6, None, (None, 4, 3)),
    ):
        yield Case("EinsumDense", {"equation": equation, "output_shape": output, "bias_axes": bias}, (shape,))
    yield Case("EinsumDense", {"equation": "abc,cd->abd", "output_shape": (None, 6), "lora_rank": 2}, ((None, 4, 3),))
    for more in _spread(return_sequences=[True, False], return_state=[True, False], use_bias=[True, False]):
        for kind in ("SimpleRNN", "GRU", "LSTM"):
            yield Case(kind, {"units": 5, **more}, ((None, None, 3),))
        for rank in (1, 2, 3):
            shape = (None, 3, *(8, 7, 6)[:rank], 2)
            yield Case(f"ConvLSTM{rank}D", {"filters": 4, "kernel_size": 3, **more}, (shape,))
    yield Case("GRU", {"units": 5, "reset_after": False}, ((None, 4, 3),))
    yield Case(
        "ConvLSTM2D",
        {"filters": 4, "kernel_size": 3, "padding": "same", "strides": 2, "data_format": "channels_first"},
        ((None, 3, 2, 8, 7),),
    )
    for more in _spread(use_scale=[True, False], score_mode=["dot", "concat"]):
        yield Case("Attention", more, ((None, 4, 3), (None, 5, 3)), as_list=True)
    yield Case(
        "Attention",
        {},
        ((None, 4, 3), (None, 5, 6), (None, 5, 3)),
        as_list=True,
        call={"return_attention_scores": True},
    )
    yield Case("AdditiveAttention", {}, ((None, 4, 3), (None, 5, 3)), as_list=True)
    yield Case("AdditiveAttention", {"use_scale": False}, ((None, 4, 3), (None, 5, 3)), as_list=True)
    for more in _spread(
        value_dim=[None, 5], use_bias=[True, False], output_shape=[None, 7, (2, 7)], use_gate=[True, False]
    ):
        yield Case("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, **more}, ((None, 4, 6), (None, 5, 8)))
    yield Case("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, ((None, 4, 6), (None, 5, 8), (None, 5, 7)))
    yield Case(
        "MultiHeadAttention",
        {"num_heads": 2, "key_dim": 3},
        ((None, 4, 6), (None, 4, 6)),
        call={"return_attention_scores": True},
    )
    for more in _spread(use_bias=[True, False], use_gate=[True, False]):
        settings = {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2, **more}
        yield Case("GroupQueryAttention", settings, ((None, 4, 6), (None, 5, 6)))
        yield Case(
            "GroupQueryAttention", settings, ((None, 4, 6), (None, 5, 6)), call={"return_attention_scores": True}
        )


def _preprocessing() -> Iterator[Case]:
    words = {"vocabulary": ["a", "b", "c"]}
    for mode in ("int", "one_hot", "multi_hot", "count"):
        for shape in ((None,), (None, 1), (None, 4)):
            yield Case("StringLookup", {**words, "output_mode": mode}, (shape,), "string")
            yield Case("IntegerLookup", {"vocabulary": [1, 2], "output_mode": mode}, (shape,), "int64")
            yield Case("Hashing", {"num_bins": 5, "output_mode": mode}, (shape,), "int64")
            yield Case("Discretization", {"bin_boundaries": [0.0, 1.0], "output_mode": mode}, (shape,))
            if mode != "int":
                yield Case("CategoryEncoding", {"num_tokens": 5, "output_mode": mode}, (shape,), "int64")
    for mode in ("int", "multi_hot", "count"):
        for shape in ((None,), (None, 1)):
            yield Case("TextVectorization", {**words, "output_mode": mode}, (shape,), "string")
    yield Case("TextVectorization", {**words, "output_sequence_length": 7}, ((None,),), "string")
    yield Case(
        "TextVectorization",
        {"max_tokens": 9, "pad_to_max_tokens": True, "output_mode": "multi_hot"},
        ((None,),),
        "string",
    )
    yield Case(
        "StringLookup",
        {**words, "max_tokens": 9, "pad_to_max_tokens": True, "output_mode": "multi_hot"},
        ((None, 2),),
        "string",
    )
    for mode in ("int", "one_hot"):
        yield Case(
            "HashedCrossing", {"num_bins": 5, "output_mode": mode}, ((None, 1), (None, 1)), "int64", as_list=True
        )
    yield Case("MelSpectrogram", {}, ((None, 16000),))
    for mode in ("log", "real", "imag", "stft"):
        for more in _spread(expand_dims=[True, False], frame_length=[100, 128], padding=["valid", "same"]):
            yield Case("STFTSpectrogram", {"mode": mode, **more}, ((None, 1000, 2),))


def cases() -> list[Case]:
    return [*_plain(), *_spatial(), *_sequences(), *_preprocessing()]
