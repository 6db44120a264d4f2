"""Call arguments that Keras records although they are the default. Names only; a test compares them with Keras."""

from __future__ import annotations

from keras_ascii_tools.graph import Call, Layer, Value

__all__ = ["CALL_DEFAULTS", "without_defaults"]

_OFF = """AdditiveAttention AlphaDropout Attention ConvLSTM1D ConvLSTM2D ConvLSTM3D Dropout FlaxLayer GRU GRUCell
GaussianDropout GaussianNoise JaxLayer LSTM LSTMCell RNN SimpleRNN SimpleRNNCell SpatialDropout1D SpatialDropout2D
SpatialDropout3D SpectralNormalization StackedRNNCells TFSMLayer Bidirectional"""
_ON = """AugMix AutoContrast CenterCrop ContrastLimitedAdaptiveHistogramEqualization CutMix Equalization
MaxNumBoundingBoxes MixUp Pipeline RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast
RandomCrop RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale RandomHue RandomInvert
RandomPerspective RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear RandomTranslation
RandomZoom Resizing Solarization"""
_ATTENTION = {"return_attention_scores": False, "use_causal_mask": False}

CALL_DEFAULTS: dict[str, dict[str, Value]] = {
    **{kind: {"training": False} for kind in _OFF.split()},
    **{kind: {"training": True} for kind in _ON.split()},
    **{kind: {"training": False, **_ATTENTION} for kind in ("Attention", "AdditiveAttention")},
    **{kind: {**_ATTENTION} for kind in ("MultiHeadAttention", "GroupQueryAttention")},
    "ReversibleEmbedding": {"reverse": False},
}
"""By kind, the arguments of `call` whose default is not `None`."""


def without_defaults(layer: Layer, call: Call) -> Call:
    """Return a call without the keyword arguments that say what a built-in layer does anyway."""
    defaults = CALL_DEFAULTS.get(layer.kind)
    if not defaults or not call.kwargs or layer.module != "keras.layers":
        return call
    missing = object()
    return Call(call.args, tuple((key, value) for key, value in call.kwargs if value is not defaults.get(key, missing)))
