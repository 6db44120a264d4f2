"""The kinds that cost nothing by definition, by the reason. Names only."""

from __future__ import annotations

__all__ = ["FREE_BACKEND", "FREE_LAYERS", "FREE_OPERATIONS"]

_LAYERS = {
    "activations": """
        Activation ELU LeakyReLU PReLU ReLU Softmax ThresholdedReLU
    """,
    "normalisation and regularisation": """
        ActivityRegularization AlphaDropout BatchNormalization Dropout GaussianDropout GaussianNoise
        GroupNormalization LayerNormalization Normalization RMSNormalization SpatialDropout1D SpatialDropout2D
        SpatialDropout3D UnitNormalization
    """,
    "pooling": """
        AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D AdaptiveMaxPooling1D
        AdaptiveMaxPooling2D AdaptiveMaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D
        GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D
        GlobalMaxPooling2D GlobalMaxPooling3D MaxPooling1D MaxPooling2D MaxPooling3D
    """,
    "merging": """
        Add Average Concatenate Maximum Minimum Multiply Subtract
    """,
    "copying, reshaping, resampling": """
        CenterCrop Cropping1D Cropping2D Cropping3D Flatten Identity InputLayer Masking Permute RepeatVector
        Rescaling Reshape Resizing UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D
        ZeroPadding3D
    """,
    "inside keras.applications": """
        CustomScaleLayer LayerScale StochasticDepth
    """,
    "look-ups and the preparation of tables and text": """
        CategoryEncoding Discretization Embedding HashedCrossing Hashing IntegerLookup StringLookup
        TextVectorization
    """,
    "image augmentation": """
        AugMix AutoContrast ContrastLimitedAdaptiveHistogramEqualization CutMix Equalization MaxNumBoundingBoxes
        MixUp RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop
        RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale RandomHue
        RandomInvert RandomPerspective RandomPosterization RandomRotation RandomSaturation RandomSharpness
        RandomShear RandomTranslation RandomZoom Solarization
    """,
}

_BACKEND = """
    Abs Add AddN AddV2 ArgMax ArgMin AvgPool AvgPool3D BatchToSpaceND BiasAdd BroadcastTo Cast Ceil ClipByValue
    ConcatV2 Cos Cumsum DepthToSpace Div DivNoNan Elu Equal Erf Exp ExpandDims Expm1 Fill Floor FloorDiv FloorMod
    FusedBatchNormV3 GatherNd GatherV2 Greater GreaterEqual LeakyRelu Less LessEqual Log Log1p LogSoftmax LogicalAnd
    LogicalNot LogicalOr Max MaxPool MaxPool3D Maximum Mean Min Minimum MirrorPad Mul MulNoNan Neg NotEqual OneHot
    Pack Pad PadV2 Pow Prod RealDiv Reciprocal Relu Relu6 Reshape ResizeBilinear ResizeNearestNeighbor ReverseV2 Roll
    Round Rsqrt Select SelectV2 Selu Sigmoid Sign Sin Slice Softmax Softplus Softsign SpaceToBatchND SpaceToDepth
    Split SplitV Sqrt Square SquaredDifference Squeeze StopGradient StridedSlice Sub Sum Tan Tanh Tile TopKV2
    Transpose Unpack Xdivy Xlogy
"""

_OPERATIONS = {
    "elementwise, in keras.ops.numpy and keras.ops.math": """
        Abs Absolute Add Angle Arccos Arccosh Arcsin Arcsinh Arctan Arctan2 Arctanh BitwiseAnd BitwiseInvert
        BitwiseLeftShift BitwiseNot BitwiseOr BitwiseRightShift BitwiseXor Cast Cbrt Ceil Clip Conj Conjugate
        Cos Cosh Cross Deg2rad Divide DivideNoNan Equal Erf Erfc Erfinv Exp Exp2 Expm1 Fabs Floor FloorDivide
        Fmax Fmin Fmod Gcd Greater GreaterEqual Heaviside Hypot I0 Imag IsIn Isclose Isfinite Isinf Isnan
        Isneginf Isposinf Isreal Kron Lcm Ldexp LeftShift Less LessEqual Log Log10 Log1p Log2 Logaddexp
        Logaddexp2 LogicalAnd LogicalNot LogicalOr LogicalXor Maximum Minimum Mod Multiply NanToNum Negative
        Nextafter NotEqual Outer Polar Power Rad2deg Real Reciprocal RightShift Round Rsqrt SaturateCast Sign
        Signbit Sin Sinc Sinh Sqrt Square Subtract Tan Tanh TrueDivide Trunc ViewAsComplex ViewAsReal Where
    """,
    "activations, losses and normalisation, in keras.ops.nn": """
        BatchNorm BinaryCrossentropy CategoricalCrossentropy Celu Elu Gelu Glu HardShrink HardSigmoid HardSilu
        HardTanh LayerNorm LeakyRelu LogSigmoid LogSoftmax Mish Moments Normalize PSNR RMSNorm ReLU Relu Relu6
        Selu Sigmoid Silu SoftShrink Softmax Softplus Softsign SparseCategoricalCrossentropy SparsePlus
        SparseSigmoid Sparsemax Squareplus TanhShrink Threshold
    """,
    "pooling, reductions, counting and sorting": """
        AdaptiveAveragePool AdaptiveMaxPool All AllClose Amax Amin Any Argmax Argmin Argpartition Argsort
        Average AveragePool Bincount CountNonzero Cumprod Cumsum Diff Digitize Histogram InTopK Logsumexp Max
        MaxPool Mean Median Min Nanargmax Nanargmin Nancumprod Nancumsum Nanmax Nanmean Nanmedian Nanmin
        Nanpercentile Nanprod Nanquantile Nanstd Nansum Nanvar Nonzero Norm Percentile Prod Ptp Quantile
        SearchSorted SegmentMax SegmentMin SegmentProd SegmentReduction SegmentSum Sort Std Sum TopK Trace
        Trapezoid Unique Var
    """,
    "copying, reshaping, look-ups": """
        Append Arange Array ArraySplit BroadcastTo Concatenate ConvertToTensor Copy CropImages DepthToSpace Diag
        Diagflat Diagonal Dsplit Dstack EmptyLike ExpandDims ExtractPatches ExtractSequences Flip Fliplr Flipud
        Full FullLike Geomspace GetItem Hsplit Hstack Linspace Logspace Meshgrid Moveaxis MultiHot Ndim OneHot
        OnesLike Pad PadImages Ravel Rearrange Repeat Reshape Roll Rot90 Scatter ScatterUpdate Select Size Slice
        SliceUpdate SpaceToDepth Split Squeeze Stack StopGradient Swapaxes Take TakeAlongAxis Tile Transpose
        Tril Triu Unfold UnravelIndex Unstack Vander View Vsplit Vstack ZerosLike
    """,
    "resampling and colours": """
        AffineTransform ElasticTransform FakeQuantWithMinMaxVars HSVToRGB MapCoordinates PerspectiveTransform
        RGBToGrayscale RGBToHSV Resize ScaleAndTranslate
    """,
}

FREE_LAYERS = frozenset(kind for kinds in _LAYERS.values() for kind in kinds.split())
FREE_OPERATIONS = frozenset(kind for kinds in _OPERATIONS.values() for kind in kinds.split())
FREE_BACKEND = frozenset(_BACKEND.split())
