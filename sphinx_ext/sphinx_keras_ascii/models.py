"""From requests to models: from files, from the cache, or made once for the whole build. Warns; draws nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util import logging

from sphinx_keras_ascii.cache import Cache, Entry, installed_versions
from sphinx_keras_ascii.requests import Location, Problem, Request, Use, digest_of, readable
from sphinx_keras_ascii.settings import cache_folder, meaning_of_requests, workplace

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    import keras_ascii_tools as kat
    from sphinx_keras_ascii.processes import Answer

__all__ = ["Model", "Models", "warn"]

logger = logging.getLogger(__name__)


def warn(problem: Problem, location: Location | None) -> None:
    """Say on the page's line why something is not there; `suppress_warnings` and `-W` know the type."""
    if not problem.silent:
        logger.warning("%s", readable(problem.text), type="keras_ascii", subtype=problem.subtype, location=location)


@dataclass(frozen=True)
class Model:
    """What became of a request."""

    digest: str
    """The same as long as nothing has changed that a page could show."""
    load: Callable[[], kat.ModelGraph] | None = None
    """Missing if there is nothing to show."""
    problem: Problem | None = None
    """What is to be warned of."""

    @cached_property
    def graph(self) -> kat.ModelGraph:
        """The model.

        Raises:
            SourceError: It cannot be read.
            ValueError: There is none, which `load` says.
        """
        if self.load is None:
            raise ValueError("there is no model")
        return self.load()


class Models:
    """All models of one build."""

    def __init__(self, app: Sphinx, shown: Iterable[str] = ()) -> None:
        """Begin a build; `shown` are digests of models that pages have shown, so that their files need not be read."""
        self._app = app
        self._shown = frozenset(shown)
        self._found: dict[Request, Model] = {}
        self._meaning = meaning_of_requests(app.config)
        self._cache = Cache(cache_folder(app), Path(app.srcdir))

    def find(self, request: Request) -> Model | None:
        """Return what is known of a request without making anything; `None` if it has to be made."""
        if request not in self._found:
            found = self._file(request) if request.kind == "file" else self._kept(request)
            if found is None:
                return None
            self._found[request] = found
        return self._found[request]

    def make(self, requests: Iterable[Request]) -> None:
        """Make what has to be made, once and all together."""
        missing = [request for request in dict.fromkeys(requests) if self.find(request) is None]
        if not missing:
            return
        # Imported when models are made: most builds make none.
        from sphinx_keras_ascii.processes import make_models

        models = "1 Keras model" if len(missing) == 1 else f"{len(missing)} Keras models"
        logger.info("making %s ... ", models, nonl=True)
        # In an order that does not depend on the order of pages.
        missing.sort(key=lambda request: (request.target, request.key()))
        for answer in make_models(missing, workplace(self._app)):
            self._found[answer.request] = self._made(answer)
        logger.info("done")

    def warn_of(self, use: Use) -> None:
        """Warn if a page cannot show what it wants to, or shows a snapshot that is not what the model is."""
        model = self.find(use.request)
        if model is None:
            return
        if use.snapshot is None:
            if model.problem is not None:
                warn(model.problem, use.location)
            return
        if model.load is None:
            # Without Keras, the snapshot is all there is, and all that is needed.
            if model.problem is not None and model.problem.subtype not in {"cache", "static"}:
                warn(model.problem, use.location)
            return
        snapshot = self.find(use.snapshot)
        if snapshot is not None and snapshot.load is not None:
            first, *others = snapshot.graph.conflicts(model.graph) or ("",)
            if first:
                more = f" and {len(others)} more" if others else ""
                text = f"{use.snapshot.name} is not what {use.request.name} is: {first}{more}"
                warn(Problem("snapshot", text), use.location)

    def _made(self, answer: Answer) -> Model:
        request = answer.request
        if answer.problem is not None:
            return _failed(answer.problem)
        try:
            entry = self._cache.put(answer, request.key(self._meaning))
        except OSError as error:
            entry = self._cache.entry_of(answer)
            folder = cache_folder(self._app)
            text = f"{folder}: {error.strerror or error}; the model of {request.name} has to be made again next time"
            warn(Problem("cache", text), None)
        return self._of_entry(request, entry)

    def _kept(self, request: Request) -> Model | None:
        mode = self._app.config.keras_ascii_mode
        if mode == "off":
            return _failed(_OFF)
        if mode == "static":
            text = f"{request.name}: code is not run, because keras_ascii_mode is 'static'; give a saved file"
            return _failed(Problem("static", text))
        if mode == "force":
            return None
        entry = self._cache.get(request, request.key(self._meaning))
        stale = self._stale(entry)
        if entry is not None and stale is None:
            return self._of_entry(request, entry)
        if mode == "cached":
            path = self._cache.path(request, request.key(self._meaning))
            reason = f"{stale} has changed since" if stale else f"no {path.name} in {path.parent}, or a damaged one"
            return _failed(Problem("cache", f"{request.name} is not in the cache: {reason}; build without 'cached'"))
        return None

    def _stale(self, entry: Entry | None) -> str | None:
        """What has changed since a model was made; versions count where they would make it anew."""
        if entry is None:
            return None
        changed = self._cache.changed(entry)
        if changed is not None or self._app.config.keras_ascii_mode == "cached":
            return changed
        installed = self._versions
        return next((name for name, version in entry.versions.items() if installed.get(name, version) != version), None)

    @cached_property
    def _versions(self) -> Mapping[str, str]:
        return {} if self._app.config.keras_ascii_python else installed_versions()

    def _of_entry(self, request: Request, entry: Entry) -> Model:
        problem = None
        if entry.how == "not built":
            shape = request.input_shape
            way = (
                "give :input-shape: (None, ...)"
                if shape is None
                else f":input-shape: {shape} did not build it; change it"
            )
            hint = f"{way}, or build it where it is made, to see shapes and weights"
            problem = Problem("build", f"{request.name} is not built; {hint}")
        return Model(entry.digest, partial(_parsed, entry.graph), problem)

    def _file(self, request: Request) -> Model:
        if self._app.config.keras_ascii_mode == "off":
            return _failed(_OFF)
        # Imported when it is used, here and below: most builds draw nothing.
        import keras_ascii_tools as kat

        path = Path(self._app.srcdir, request.target)
        try:
            state = path.stat()
            digest = digest_of([request.target, state.st_size, state.st_mtime_ns])
            if digest in self._shown:
                return Model(digest, lambda: kat.read(path))
            graph = kat.read(path)
        except OSError as error:
            return _failed(Problem("target", f"{request.target}: {error.strerror or error}"))
        except kat.KerasAsciiError as error:
            return _failed(Problem("target", str(error).replace(str(path), request.target)))
        return Model(digest, lambda: graph)


_OFF = Problem("off", "keras_ascii_mode is 'off'", silent=True)


def _parsed(document: str) -> kat.ModelGraph:
    import keras_ascii_tools as kat

    return kat.read_json(document)


def _failed(problem: Problem) -> Model:
    return Model(digest_of([problem.subtype, problem.text]), problem=problem)
