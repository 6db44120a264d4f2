"""Names of Keras and TensorFlow that the rules for configs look up. Knows no rules."""

from __future__ import annotations

from typing import Final

__all__ = [
    "FUNCTION_MODULES",
    "KERAS_FUNCTIONS",
    "KERAS_OPTIMIZERS",
    "KERAS_PACKAGES",
    "MODELING_MODULES",
    "NEVER_FUNCTIONS",
    "UNSAFE_TENSORFLOW",
    "words",
]


def words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


KERAS_PACKAGES: Final = (
    "keras",
    "tf_keras",
    "keras_core",
    "tensorflow.keras",
    "tensorflow.python.keras",
    "tensorflow_core.keras",
)
"""Packages that are Keras, or were."""

FUNCTION_MODULES: Final = words(
    "activations backend constraints initializers losses metrics nn ops random regularizers"
)
"""Modules of Keras that have the functions that a model may name."""

MODELING_MODULES: Final = FUNCTION_MODULES | words(
    """_legacy applications callbacks distribution dtype_policies engine feature_column layers legacy mixed_precision
    models optimizers quantizers"""
)
"""Modules of Keras that have the classes that a model is made of."""

NEVER_FUNCTIONS: Final = words(
    "get deserialize serialize clear_session load_model save_model model_from_json model_from_yaml clone_model"
)
"""Functions of those modules that make, load or change whole models, or call whatever they are given."""

UNSAFE_TENSORFLOW: Final = (
    "io.", "py_func", "numpy_function", "load_library", "load_op_library", "saved_model", "raw_ops", "sysconfig",
    "debugging.experimental", "experimental.dlpack", "compat.v1", "data.", "queue.", "train.", "autograph",
)  # fmt: skip
"""What the name of a function of TensorFlow has in it if it touches files or runs Python."""

KERAS_FUNCTIONS: Final = words(
    """acc accuracy bce binary_accuracy binary_crossentropy binary_focal_crossentropy categorical_accuracy
    categorical_crossentropy categorical_focal_crossentropy categorical_generalized_cross_entropy categorical_hinge
    celu circle concordance_correlation cosine cosine_proximity cosine_similarity ctc dice elu exponential gelu glu
    hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh hinge huber huber_loss kl_divergence kld
    kullback_leibler_divergence leaky_relu linear log_cosh log_sigmoid log_softmax logcosh mae mape
    mean_absolute_error mean_absolute_percentage_error mean_squared_error mean_squared_logarithmic_error mish mse msle
    pearson_correlation poisson relu relu6 selu sigmoid silu soft_shrink softmax softplus softsign
    sparse_categorical_accuracy sparse_categorical_crossentropy sparse_plus sparse_sigmoid
    sparse_top_k_categorical_accuracy sparsemax squared_hinge squareplus swish tanh tanh_shrink threshold
    top_k_categorical_accuracy tversky"""
)
"""Losses, metrics and activations that Keras has as functions, by the names of all its releases."""

KERAS_OPTIMIZERS: Final = words(
    "Adadelta Adafactor Adagrad Adam AdamW Adamax Ftrl Lamb Lion LossScaleOptimizer MultiOptimizer Muon Nadam RMSprop "
    "SGD ScheduleFreeAdamW"
)
"""Optimizers of Keras."""
