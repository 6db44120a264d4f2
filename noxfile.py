"""The version matrix: `nox` runs all of it, `nox -l` lists it. For one version, `make test` does the same and more."""

from __future__ import annotations

import nox

nox.needs_version = ">=2025.5"

PYPROJECT = nox.project.load_toml("pyproject.toml")

# A Python, a Keras and the TensorFlow of its time. The newest pair is the one of `make test`.
KERAS = [("3.11", "3.6.0", "2.18.*"), ("3.12", "3.10.0", "2.19.*"), ("3.13", "3.12.0", "2.20.*")]


@nox.session(python=["3.11", "3.12", "3.13", "3.14"])
def tests(session: nox.Session) -> None:
    """Run the tests that need no TensorFlow."""
    session.install(".", *nox.project.dependency_groups(PYPROJECT, "test"))
    session.run("python", "-m", "pytest", "-m", "not keras", "-n", "auto", *session.posargs)


@nox.session
@nox.parametrize("python,keras,tensorflow", KERAS)
def keras(session: nox.Session, keras: str, tensorflow: str) -> None:
    """Run the tests with TensorFlow, on an older Keras."""
    libraries = [f"keras=={keras}", f"tensorflow=={tensorflow}", f"tf_keras=={tensorflow}", "keras_sequential_ascii"]
    session.install(".", *nox.project.dependency_groups(PYPROJECT, "test"), *libraries)
    session.env.update({"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"})
    session.run("python", "-m", "pytest", "-m", "keras", *session.posargs)
