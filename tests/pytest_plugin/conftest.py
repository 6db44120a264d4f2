"""The project that the tests of the plugin run pytest in. Their modules ask for pytest's plugin `pytester`."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.projects import Project


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    return Project(pytester, monkeypatch)
