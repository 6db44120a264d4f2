"""Write networks of `keras.applications` as our JSON into `benchmarks/networks/`: `python scripts/make_networks.py`.

Measurements and tests that need real networks and no Keras read them there.
"""

from __future__ import annotations

import gzip
from pathlib import Path

from benchmarks.keras_models import without_weights

NETWORKS = (
    "DenseNet121",
    "EfficientNetB0",
    "EfficientNetV2B0",
    "InceptionV3",
    "MobileNet",
    "MobileNetV2",
    "MobileNetV3Small",
    "NASNetMobile",
    "ResNet101",
    "ResNet50",
    "ResNet50V2",
    "VGG16",
    "VGG19",
    "Xception",
)
FOLDER = Path(__file__).resolve().parent.parent / "benchmarks" / "networks"


def main() -> None:
    """Build each network, without memory for its weights, and write it."""
    import keras

    import keras_ascii_tools as kat

    for name in NETWORKS:
        with without_weights():
            graph = kat.read(getattr(keras.applications, name)(weights=None))
        # No time in the file: the same network gives the same bytes.
        packed = gzip.compress(kat.draw(graph).to("json").encode(), mtime=0)
        (FOLDER / f"{name}.json.gz").write_bytes(packed)
        print(f"{name}: {len(graph.nodes)} nodes, {len(packed)} bytes")
        keras.backend.clear_session()


if __name__ == "__main__":
    main()
