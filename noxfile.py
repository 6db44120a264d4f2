"""The version matrix: `nox` runs all of it, `nox -l` lists it. For one version, `make test` does the same and more."""

from __future__ import annotations

import nox

nox.needs_version = ">=2025.5"

PYPROJECT = nox.project.load_toml("pyproject.toml")

# A Python, a Keras and the TensorFlow of its time. The newest pair is the one of `make test`.
KERAS = [("3.11", "3.6.0", "2.18.*"), ("3.12", "3.10.0", "2.19.*"), ("3.13", "3.12.0", "2.20.*")]

# Writers of saved models, each with what it ran on in its time.
WRITERS = {
    "2.12": ("tensorflow==2.12.*",),
    "2.15": ("tensorflow==2.15.*",),
    "3.0": ("keras==3.0.5", "tensorflow==2.16.*", "numpy<2"),
    "3.3": ("keras==3.3.3", "jax<0.5", "scipy", "packaging", "numpy<2"),
    "3.6": ("keras==3.6.0", "jax<0.5", "scipy", "packaging"),
    "3.10": ("keras==3.10.0", "jax", "scipy", "packaging"),
    "newest": ("keras", "jax", "scipy", "packaging"),
}


# A Sphinx, and the oldest docutils that it takes; the newest of both are those of `make test`.
SPHINX = [("7.4.*", "0.20.*"), ("8.0.*", "0.20.*"), ("8.2.*", "0.21.*"), ("9.0.*", "0.22.*")]


@nox.session(python="3.11")
@nox.parametrize("sphinx,docutils", SPHINX)
def sphinx(session: nox.Session, sphinx: str, docutils: str) -> None:
    """Run the tests of the Sphinx extension, on an older Sphinx."""
    beside = ["furo", "myst-parser", "sphinx-copybutton", "sphinx-design"]
    session.install(
        ".", f"sphinx=={sphinx}", f"docutils=={docutils}", *beside, "pytest>=9", "pytest-xdist", "hypothesis"
    )
    unbound = "not keras and not chromium"  # themes have Sphinx versions of their own
    session.run("python", "-m", "pytest", "tests/sphinx_ext", "-m", unbound, "-n", "auto", *session.posargs)


@nox.session(python=["3.11", "3.12", "3.13", "3.14"])
def tests(session: nox.Session) -> None:
    """Run the tests that need no TensorFlow."""
    session.install(".", *nox.project.dependency_groups(PYPROJECT, "test"))
    session.run("python", "-m", "pytest", "-m", "not keras and not other_plugins", "-n", "auto", *session.posargs)


@nox.session
@nox.parametrize("python,keras,tensorflow", KERAS)
def keras(session: nox.Session, keras: str, tensorflow: str) -> None:
    """Run the tests with TensorFlow, on an older Keras."""
    libraries = [f"keras=={keras}", f"tensorflow=={tensorflow}", f"tf_keras=={tensorflow}", "keras_sequential_ascii"]
    session.install(".", *nox.project.dependency_groups(PYPROJECT, "test"), *libraries)
    session.env.update({"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"})
    session.run("python", "-m", "pytest", "-m", "keras", *session.posargs)


@nox.session(python="3.11")
@nox.parametrize("writer", list(WRITERS))
def saved_files(session: nox.Session, writer: str) -> None:
    """Let a Keras write its formats, and compare what is read of them with what it says itself."""
    session.install(*WRITERS[writer])
    backend = "jax" if any(library.startswith("jax") for library in WRITERS[writer]) else "tensorflow"
    folder = session.create_tmp()
    files = f"{folder}/keras-{writer}"
    session.run(
        "python", "scripts/make_saved_files.py", files, env={"KERAS_BACKEND": backend, "CUDA_VISIBLE_DEVICES": "-1"}
    )
    session.install(".", "h5py", "hypothesis", "pytest>=9")
    session.run(
        "python", "-m", "pytest", "tests/core/read/test_saved_files.py", env={"KERAS_ASCII_SAVED_FILES": folder}
    )
