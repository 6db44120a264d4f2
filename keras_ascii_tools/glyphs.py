"""The only place with characters: a glyph for each kind of layer, and the lines and marks of each charset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["ASCII", "CHARSETS", "GLYPHS", "KNOWN_KINDS", "UNICODE", "Charset", "Glyph", "glyph_of"]

GLYPH_WIDTH = 5


@dataclass(frozen=True, slots=True)
class Glyph:
    """Five columns that stand for one or several kinds of layer."""

    text: str
    kinds: str
    """Class names, separated by blanks."""
    ascii: str = ""
    """The same in ASCII, where `text` is not."""

    def __post_init__(self) -> None:
        if len(self.text) != GLYPH_WIDTH or len(self.ascii or self.text) != GLYPH_WIDTH:
            raise ValueError(f"the glyph of {self.kinds} must have {GLYPH_WIDTH} characters")


# Where the ancestor, keras-sequential-ascii, has a glyph of five characters, it is the same (but for GRU, which it
# draws as LSTM). To add one: a line here. Blanks count.
GLYPHS: tuple[Glyph, ...] = (
    # input
    Glyph("  |  ", "InputLayer"),
    # core
    Glyph("XXXXX", "Dense"),
    Glyph("XXeXX", "EinsumDense"),
    Glyph("emb |", "Embedding"),
    Glyph("emb<>", "ReversibleEmbedding"),
    Glyph("  |  ", "Identity"),
    Glyph(" f() ", "Lambda"),
    Glyph("|.|.|", "Masking"),
    # conv
    Glyph(" \\|/ ", "Conv1D Conv2D Conv3D"),
    Glyph(" /|\\ ", "Conv1DTranspose Conv2DTranspose Conv3DTranspose"),
    Glyph(" /|\\x", "SeparableConv1D SeparableConv2D"),
    Glyph(" \\|/d", "DepthwiseConv1D DepthwiseConv2D"),
    # conv-rnn
    Glyph("L\\|/L", "ConvLSTM1D ConvLSTM2D ConvLSTM3D"),
    # pool
    Glyph("Y max", "MaxPooling1D MaxPooling2D MaxPooling3D"),
    Glyph("Y avg", "AveragePooling1D AveragePooling2D AveragePooling3D"),
    Glyph("Y^max", "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D"),
    Glyph("Y^avg", "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D"),
    Glyph("Y~max", "AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D"),
    Glyph("Y~avg", "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D"),
    # reshape
    Glyph("|||||", "Flatten"),
    Glyph("  |  ", "Reshape"),
    Glyph("  |  ", "Permute"),
    Glyph(" |xN ", "RepeatVector"),
    Glyph("AAAAA", "UpSampling1D UpSampling2D UpSampling3D"),
    Glyph(" ||| ", "Cropping1D Cropping2D Cropping3D"),
    Glyph("\\|||/", "ZeroPadding1D ZeroPadding2D ZeroPadding3D"),
    # activation
    Glyph("  f| ", "Activation"),
    Glyph(" _/  ", "ReLU"),
    Glyph(" ,/  ", "LeakyReLU"),
    Glyph(" a/  ", "PReLU"),
    Glyph(" (/  ", "ELU"),
    Glyph("sum=1", "Softmax"),
    # norm
    Glyph(" μ|σ ", "BatchNormalization", ascii=" m|s "),
    Glyph(" μ-σ ", "LayerNormalization", ascii=" m-s "),
    Glyph(" μ#σ ", "GroupNormalization", ascii=" m#s "),
    Glyph(" rms ", "RMSNormalization"),
    Glyph(" |1| ", "UnitNormalization"),
    # norm-wrapper
    Glyph(" |σ| ", "SpectralNormalization", ascii=" |s| "),
    # regularize
    Glyph(" | ||", "Dropout"),
    Glyph(" # ##", "SpatialDropout1D SpatialDropout2D SpatialDropout3D"),
    Glyph("a| ||", "AlphaDropout"),
    Glyph("~| ||", "GaussianDropout"),
    Glyph(" +~~ ", "GaussianNoise"),
    Glyph(" |a|+", "ActivityRegularization"),
    # merge
    Glyph("\\ + /", "Add"),
    Glyph("\\ - /", "Subtract"),
    Glyph("\\ * /", "Multiply"),
    Glyph("\\avg/", "Average"),
    Glyph("\\max/", "Maximum"),
    Glyph("\\min/", "Minimum"),
    Glyph("\\ & /", "Concatenate"),
    Glyph("\\ . /", "Dot"),
    # attention
    Glyph("q k v", "Attention"),
    Glyph("q+k v", "AdditiveAttention"),
    Glyph("Q K V", "MultiHeadAttention"),
    Glyph("QQ KV", "GroupQueryAttention"),
    # rnn
    Glyph("LLLLL", "LSTM"),
    Glyph("GGGGG", "GRU"),
    Glyph("RRRRR", "SimpleRNN RNN"),
    # rnn-cell
    Glyph("  L  ", "LSTMCell"),
    Glyph("  G  ", "GRUCell"),
    Glyph("  R  ", "SimpleRNNCell"),
    Glyph(" R/R ", "StackedRNNCells"),
    # wrapper
    Glyph("<-|->", "Bidirectional"),
    Glyph("t[|]t", "TimeDistributed"),
    Glyph(" [|] ", "Wrapper"),
    # foreign
    Glyph("[jax]", "JaxLayer"),
    Glyph("[flx]", "FlaxLayer"),
    Glyph("[tor]", "TorchModuleWrapper"),
    Glyph("[tfs]", "TFSMLayer"),
    # preproc-num
    Glyph("z:μ|σ", "Normalization", ascii="z:m|s"),
    Glyph(" a*+b", "Rescaling"),
    Glyph("|-|-|", "Discretization"),
    # preproc-cat
    Glyph("00100", "CategoryEncoding"),
    Glyph("hash|", "Hashing"),
    Glyph("hashX", "HashedCrossing"),
    Glyph("int|#", "IntegerLookup"),
    Glyph("str|#", "StringLookup"),
    # preproc-text
    Glyph("txt|#", "TextVectorization"),
    # preproc-audio
    Glyph("~>mel", "MelSpectrogram"),
    Glyph("~>fft", "STFTSpectrogram"),
    # preproc
    Glyph("|>|>|", "Pipeline"),
    # preproc-img
    Glyph(" <=> ", "Resizing"),
    Glyph(" [#] ", "CenterCrop"),
    Glyph("=cont", "AutoContrast"),
    Glyph("=equ ", "Equalization"),
    Glyph("=clah", "ContrastLimitedAdaptiveHistogramEqualization"),
    Glyph("[]<=n", "MaxNumBoundingBoxes"),
    # augment
    Glyph("~augm", "AugMix"),
    Glyph("~cutm", "CutMix"),
    Glyph("~mixu", "MixUp"),
    Glyph("~rand", "RandAugment"),
    Glyph("~brig", "RandomBrightness"),
    Glyph("~cdeg", "RandomColorDegeneration"),
    Glyph("~cjit", "RandomColorJitter"),
    Glyph("~cont", "RandomContrast"),
    Glyph("~crop", "RandomCrop"),
    Glyph("~elas", "RandomElasticTransform"),
    Glyph("~eras", "RandomErasing"),
    Glyph("~flip", "RandomFlip"),
    Glyph("~blur", "RandomGaussianBlur"),
    Glyph("~gray", "RandomGrayscale"),
    Glyph("~hue ", "RandomHue"),
    Glyph("~inv ", "RandomInvert"),
    Glyph("~pers", "RandomPerspective"),
    Glyph("~post", "RandomPosterization"),
    Glyph("~rot ", "RandomRotation"),
    Glyph("~satu", "RandomSaturation"),
    Glyph("~shrp", "RandomSharpness"),
    Glyph("~shr ", "RandomShear"),
    Glyph("~move", "RandomTranslation"),
    Glyph("~zoom", "RandomZoom"),
    Glyph("~sol ", "Solarization"),
)

NESTED = Glyph("[###]", "Functional Sequential Model")
OPERATION = Glyph("  fn ", "operation")
CUSTOM = Glyph("  ?  ", "custom")

# For kinds without a glyph: a word in the class name, and the kind whose glyph it gets. The first that fits wins.
_BY_WORD = (
    ("Dropout", "Dropout"),
    ("Attention", "MultiHeadAttention"),
    ("SeparableConv", "SeparableConv2D"),
    ("DepthwiseConv", "DepthwiseConv2D"),
    ("Conv", "Conv2D"),
    ("AveragePool", "AveragePooling2D"),
    ("Pool", "MaxPooling2D"),
    ("LayerNorm", "LayerNormalization"),
    ("RMSNorm", "RMSNormalization"),
    ("GroupNorm", "GroupNormalization"),
    ("Norm", "BatchNormalization"),
    ("Embedding", "Embedding"),
    ("Dense", "Dense"),
    ("Linear", "Dense"),
)

_TABLE: dict[str, Glyph] = {kind: glyph for glyph in (*GLYPHS, NESTED) for kind in glyph.kinds.split()}

KNOWN_KINDS: frozenset[str] = frozenset(_TABLE)
"""Every class name that Keras itself uses for a layer or model."""


def glyph_of(
    kind: str,
    *,
    base: str | None = None,
    operation: bool = False,
    nested: bool = False,
    ascii_only: bool = False,
    own: Mapping[str, str] | None = None,
) -> str:
    """Return the glyph for a kind of layer: always five columns.

    Args:
        kind: Class name.
        base: The nearest class of Keras that a class from outside Keras derives from; its glyph is used.
        operation: It is a call of `keras.ops`.
        nested: It has a body.
        ascii_only: Only ASCII.
        own: Glyphs by class name that go before the table's.
    """
    for name in (kind, base):
        if own and name is not None and name in own:
            return own[name]
    glyph = OPERATION if operation else _TABLE.get(kind) or _TABLE.get(base or "")
    if glyph is None or (nested and glyph is not OPERATION and base in {None, "Layer", "Model"}):
        glyph = NESTED if nested else _by_word(kind)
    return (glyph.ascii or glyph.text) if ascii_only else glyph.text


def _by_word(kind: str) -> Glyph:
    return next((_TABLE[like] for word, like in _BY_WORD if word in kind), CUSTOM)


@dataclass(frozen=True, slots=True)
class Charset:
    """The characters of one drawing style, by what they mean."""

    name: str
    node: str
    """The row's node, with lanes in and out."""
    source: str
    """A node to which no lane leads."""
    sink: str
    """A node that nothing uses."""
    alone: str
    """Neither."""
    uncalled: str
    """A layer that no node calls."""
    lines: tuple[str, ...]
    """A lane's or run's character by the directions that meet: bit 1 up, 2 down, 4 left, 8 right."""
    fold: tuple[str, str, str]
    """Bracket beside repeated rows: first, further, last."""
    times: str
    bar: str
    """Parts of a full cell, empty to full."""
    ellipsis: str
    arrow: str
    back: str


UNICODE = Charset(
    name="unicode",
    node="●",
    source="○",
    sink="■",
    alone="□",
    uncalled="·",
    #      -    u    d    ud   l    lu   ld   lud  r    ru   rd   rud  lr   lru  lrd  lrud
    lines=(" ", "│", "│", "│", "─", "┘", "┐", "┤", "─", "└", "┌", "├", "─", "┴", "┬", "┼"),
    fold=("┐", "│", "┘"),
    times="×",
    bar=" ▌█",
    ellipsis="…",
    arrow="→",
    back="←",
)
ASCII = Charset(
    name="ascii",
    node="*",
    source="o",
    sink="@",
    alone="0",
    uncalled=".",
    lines=(" ", "|", "|", "|", "-", "'", ".", "+", "-", "'", ".", "+", "-", "'", ".", "+"),
    fold=(".", "|", "'"),
    times="x",
    bar=" #",
    ellipsis="...",
    arrow="->",
    back="<-",
)
CHARSETS: dict[str, Charset] = {charset.name: charset for charset in (UNICODE, ASCII)}
