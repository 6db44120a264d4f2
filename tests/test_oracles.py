"""The ancestor still runs beside this TensorFlow, so that it can say what the style `classic` has to print."""

from __future__ import annotations

import pytest

EXPECTED = """\
           OPERATION           DATA DIMENSIONS   WEIGHTS(N)   WEIGHTS(%)

               Input   #####      8    8    3
              Conv2D    \\|/  -------------------       112    27.9%
                       #####      6    6    4
             Flatten   ||||| -------------------         0     0.0%
                       #####         144
               Dense   XXXXX -------------------       290    72.1%
                relu   #####           2
"""


@pytest.mark.keras
def test_the_ancestor_draws_a_keras_2_model(capsys: pytest.CaptureFixture[str]) -> None:
    import tf_keras
    from keras_sequential_ascii import keras2ascii

    layers = tf_keras.layers
    model = tf_keras.Sequential(
        [layers.Conv2D(4, 3, input_shape=(8, 8, 3)), layers.Flatten(), layers.Dense(2, activation="relu")]
    )
    keras2ascii(model)
    assert capsys.readouterr().out == EXPECTED
