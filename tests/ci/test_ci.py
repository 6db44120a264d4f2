"""`keras-ascii ci` and the GitHub action, run as CI runs them: a real repository, a host over HTTP."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from keras_ascii_tools.write.to_markdown import code_span
from tests.ci.fake_host import FakeHost, serving
from tests.git.repository import ROOT, Repository, mlp


class PullRequest:
    """A pull request as its workflow sees it: the merge into the base is checked out."""

    def __init__(self, folder: Path, address: str) -> None:
        self.repository = Repository(folder)
        self.summary, self.output = folder / "summary.md", folder / "output"
        self.event = folder / "event.json"
        self.repository.commit(model_keras=mlp(16, 10), old_keras=mlp(4), same_h5=mlp(3), notes_txt="one")
        self.environment = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": address,
            "GITHUB_EVENT_PATH": str(self.event),
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_TOKEN": "secret",
        }
        self.repository.git("checkout", "-q", "-b", "work")

    def merge(self) -> None:
        """Merge the work into a base that went on meanwhile."""
        git = self.repository.git
        git("checkout", "-q", "-B", "base", "main")
        self.repository.write("elsewhere.txt", "the base goes on")
        self.repository.commit_all()
        base = git("rev-parse", "HEAD").strip()
        git("merge", "-q", "--no-ff", "-m", "Merge", "work")
        event = {"pull_request": {"number": 7, "base": {"sha": base}}}
        self.event.write_text(json.dumps(event))
        git("checkout", "-q", "work")
        git("checkout", "-q", "base")

    def run(self, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
        self.summary.write_text("")
        done = self.repository.tool("ci", *options, **{**self.environment, **environment})
        assert "Traceback" not in done.stderr
        assert "secret" not in done.stdout + done.stderr
        return done


@pytest.fixture
def host() -> FakeHost:
    return FakeHost()


@pytest.fixture
def request_(tmp_path: Path, host: FakeHost) -> Iterator[PullRequest]:
    with serving(host) as address:
        yield PullRequest(tmp_path, address)


def change(request: PullRequest, **files: bytes | str) -> None:
    request.repository.git("checkout", "-q", "work")
    request.repository.commit(**files)
    request.merge()


def test_a_change_is_summed_up_annotated_and_commented(request_: PullRequest, host: FakeHost) -> None:
    (request_.repository.folder / "old.keras").unlink()
    change(request_, model_keras=mlp(16, 12), new_keras=mlp(*range(1, 50)))
    done = request_.run()
    assert (done.returncode, done.stderr) == (0, "keras-ascii: comment: created\n")
    summary = request_.summary.read_text()
    assert summary.startswith("### Model architectures: BREAKING\n")
    assert "**`model.keras` BREAKING**: 1 changed" in summary
    assert "units 10 → 12" in summary
    assert "**`new.keras` NEW**: 50 layer calls · params 40," in summary
    assert "```text\nmlp (Sequential)  features 8 → 49\n" in summary
    assert "**`old.keras` REMOVED**" in summary
    assert "same.h5" not in summary
    assert "::warning title=Architecture of model.keras,file=model.keras::BREAKING" in done.stdout
    (body,) = host.bodies()
    assert body.startswith("<!-- keras-ascii:models -->\n### Model architectures: BREAKING")
    assert request_.output.read_text() == "verdict=BREAKING\nchanged=true\n"


def test_the_comment_follows_the_request(request_: PullRequest, host: FakeHost) -> None:
    change(request_, notes_txt="two")
    assert request_.run().stderr == "keras-ascii: comment: nothing to say\n"
    assert host.comments == []
    change(request_, model_keras=mlp(16, 12))
    assert request_.run().stderr == "keras-ascii: comment: created\n"
    assert request_.run().stderr == "keras-ascii: comment: unchanged\n"
    change(request_, model_keras=mlp(16, 14))
    assert request_.run().stderr == "keras-ascii: comment: updated\n"
    assert "10 → 14" in host.bodies()[0]
    change(request_, model_keras=mlp(16, 10, counter=30))  # saved again, the same architecture
    assert request_.run().stderr == "keras-ascii: comment: removed\n"
    assert host.comments == []
    assert "1 compared model is the same" in request_.summary.read_text()


def test_a_fork_has_no_token_that_writes_and_gets_everything_else(request_: PullRequest, host: FakeHost) -> None:
    change(request_, model_keras=mlp(16, 12))
    for refuse in ({"POST": (403, "Resource not accessible by integration")}, {"GET": (401, "Bad credentials")}):
        host.refuse = refuse
        done = request_.run()
        assert done.returncode == 0
        assert "BREAKING" in request_.summary.read_text()
        assert "::warning title=keras-ascii::no comment: " in done.stdout
    done = request_.run(GITHUB_TOKEN="")
    assert (done.returncode, done.stderr) == (0, "keras-ascii: no comment: no token\n")


def test_a_clone_without_history_is_enough(request_: PullRequest, tmp_path: Path) -> None:
    change(request_, model_keras=mlp(16, 12))
    shallow = tmp_path / "shallow"
    request_.repository.git("clone", "-q", "--depth=2", f"file://{request_.repository.folder}", str(shallow))
    done = request_.repository.tool("ci", cwd=str(shallow), **request_.environment)
    assert done.returncode == 0
    assert "10 → 12" in request_.summary.read_text()


def test_a_clone_without_the_base_is_trouble(request_: PullRequest, tmp_path: Path) -> None:
    change(request_, model_keras=mlp(16, 12))
    shallow = tmp_path / "shallow"
    request_.repository.git("clone", "-q", "--depth=1", f"file://{request_.repository.folder}", str(shallow))
    done = request_.repository.tool("ci", cwd=str(shallow), **request_.environment)
    assert done.returncode == 2
    assert "fetch-depth: 0" in done.stderr
    assert done.stdout.startswith("::error title=keras-ascii::no commit")


@pytest.mark.parametrize(
    "broken", [b"PK\x03\x04", b"", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"]
)
def test_what_cannot_be_read_is_trouble_and_not_silence(request_: PullRequest, host: FakeHost, broken: bytes) -> None:
    change(request_, model_keras=broken, old_keras=mlp(5))
    done = request_.run()
    assert done.returncode == 2
    summary = request_.summary.read_text()
    assert summary.startswith("### Model architectures: TROUBLE\n\n**`model.keras` TROUBLE**: it could not be compared")
    assert "**`old.keras` BREAKING**" in summary
    assert "::error title=Architecture of model.keras,file=model.keras::could not be compared" in done.stdout
    assert "TROUBLE" in host.bodies()[0]
    assert "verdict=TROUBLE" in request_.output.read_text()


@pytest.mark.parametrize(
    ("environment", "status"),
    [
        ({}, 0),
        ({"KERAS_ASCII_CI_FAIL_ON": "signature"}, 1),
        ({"KERAS_ASCII_CI_FAIL_ON": "names"}, 1),
        ({"KERAS_ASCII_CI_FAIL_ON": "loudly"}, 2),
        ({"KERAS_ASCII_CI_ID": "-->"}, 2),
        ({"KERAS_ASCII_CI_ACCEPT": "missing.toml"}, 2),
        ({"KERAS_ASCII_CI_COMPARE": "one"}, 2),
        ({"KERAS_ASCII_CI_BASE": "--help"}, 2),
        ({"KERAS_ASCII_CI_BASE": "nothing"}, 2),
        ({"KERAS_ASCII_CI_PATHS": "other/*.keras", "KERAS_ASCII_CI_FAIL_ON": "names"}, 0),
        ({"KERAS_ASCII_CI_PATHS": "x\n*.keras\n", "KERAS_ASCII_CI_FAIL_ON": "names"}, 1),
        ({"KERAS_ASCII_CI_COMPARE": "git:HEAD:model.keras model.keras", "KERAS_ASCII_CI_FAIL_ON": "names"}, 0),
        ({"KERAS_ASCII_CI_COMPARE": "'old.keras' model.keras\n\n", "KERAS_ASCII_CI_FAIL_ON": "names"}, 1),
    ],
)
def test_options_come_from_the_environment(request_: PullRequest, environment: dict[str, str], status: int) -> None:
    change(request_, model_keras=mlp(16, 12))
    done = request_.run(**environment)
    assert done.returncode == status
    if status == 2:
        assert done.stderr.count("\n") == 1
        assert done.stdout.startswith("::error title=keras-ascii::")


def test_what_is_intended_is_accepted(request_: PullRequest) -> None:
    entries = "".join(
        f"[[accept]]\ncheck = '{check}'\nreason = 'as agreed'\n"
        for check in ("output-shape-changed", "setting-changed", "weights-fail")
    )
    change(request_, model_keras=mlp(16, 12), accept_toml=entries)
    done = request_.run("--accept", "accept.toml", "--fail-on", "names")
    assert done.returncode == 0
    assert "accepted: output-shape-changed" in request_.summary.read_text()


def test_renamed_files_are_one_model(request_: PullRequest) -> None:
    request_.repository.git("mv", "same.h5", "renamed.h5")
    change(request_, notes_txt="two")
    request_.run()
    assert "NEW" not in request_.summary.read_text()


def test_snapshots_of_tests_are_looked_at(request_: PullRequest) -> None:
    name = "tests/__keras_ascii__/test_model/test_it.txt"
    snapshot = request_.repository.tool("show", "model.keras", "--profile", "snapshot").stdout
    request_.repository.write(name, snapshot)
    request_.repository.git("checkout", "-q", "main")
    request_.repository.commit_all()
    request_.repository.git("checkout", "-q", "-B", "work")
    request_.repository.write(name, snapshot.replace("units=10", "units=12"))
    request_.repository.commit_all()
    request_.merge()
    request_.run()
    assert f"**`{name}` CHANGED**" in request_.summary.read_text()


def test_seventy_thousand_characters_fit(request_: PullRequest, host: FakeHost) -> None:
    for number in range(3):
        request_.repository.write(f"many{number}.keras", mlp(*range(1, 400)))
    request_.repository.git("checkout", "-q", "main")
    request_.repository.commit_all()
    request_.repository.git("checkout", "-q", "-B", "work")
    for number in range(3):
        request_.repository.write(f"many{number}.keras", mlp(*range(400, 1, -1)))
    for number in range(60):
        request_.repository.write(f"new{number}.keras", mlp(number + 1))
    change(request_, notes_txt="two")
    assert request_.run().stderr == "keras-ascii: comment: created\n"
    (body,) = host.bodies()
    assert 20_000 < len(body) <= 65_536
    assert body.count("*Left out to fit: ") >= 2
    assert "`new59.keras`" in body or "more models" in body
    assert len(request_.summary.read_text()) > 70_000


def test_names_of_files_and_layers_mean_nothing_to_anybody(request_: PullRequest, host: FakeHost) -> None:
    name = "@everyone #1 `x` <b> ::error::boo%0A.keras"
    request_.repository.write(name, mlp(16, 10))
    request_.repository.git("checkout", "-q", "main")
    request_.repository.commit_all()
    request_.repository.git("checkout", "-q", "-B", "work")
    request_.repository.write(name, mlp(16, 12, name="@team ```\n::stop::"))
    change(request_, notes_txt="two")
    done = request_.run()
    assert f"**{code_span(name)} BREAKING**" in request_.summary.read_text()
    for line in done.stdout.splitlines():
        assert re.match(r"::(warning|notice|error) title=[^:,]+,file=[^:,]+::", line)
    fences = re.findall("^`{3,}(?:diff)?$", host.bodies()[0], re.MULTILINE)
    assert fences == ["````diff", "````"]


def test_without_ci_the_report_is_printed(request_: PullRequest) -> None:
    change(request_, model_keras=mlp(16, 12))
    done = request_.repository.tool("ci", "--base", "main")
    assert done.returncode == 0
    assert done.stdout.startswith("### Model architectures: BREAKING")
    assert request_.repository.tool("ci").returncode == 2
    assert request_.repository.tool("ci", "--base", "main", "--fail-on", "names", "--comment", "never").returncode == 1


def test_a_merge_request_of_gitlab(request_: PullRequest, host: FakeHost) -> None:
    change(request_, model_keras=mlp(16, 12))
    host.user = {"login": "bot", "id": 9}
    base = request_.repository.git("rev-parse", "main").strip()
    environment = {
        "GITLAB_CI": "true",
        "GITLAB_TOKEN": "secret",
        "CI_API_V4_URL": request_.environment["GITHUB_API_URL"],
        "CI_PROJECT_ID": "42",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
    }
    done = request_.repository.tool("ci", **environment)
    assert (done.returncode, done.stderr) == (0, "keras-ascii: comment: created\n")
    assert host.tokens == {"secret"}
    assert "10 → 12" in host.comments[0]["body"]
    del environment["GITLAB_TOKEN"]
    assert "GITLAB_TOKEN" in request_.repository.tool("ci", **environment).stderr


def _script() -> str:
    """What the action runs: the text of its one step."""
    text = (ROOT / "action.yml").read_text()
    (block,) = re.findall(r"^      run: \|\n((?:        .*\n|\n)+)", text, re.MULTILINE)
    return re.sub(r"^        ", "", block, flags=re.MULTILINE)


def test_nothing_of_a_workflow_gets_into_the_script_of_the_action() -> None:
    text = (ROOT / "action.yml").read_text()
    assert "${{" not in _script()
    assert text.count("run: ") == 1
    assert "uses:" not in text  # nobody else's code, so there is nothing to pin
    given = set(re.findall(r"\$\{\{ inputs\.([a-z-]+) \}\}", text))
    declared = set(re.findall(r"^  ([a-z-]+):$", text.partition("inputs:")[2].partition("outputs:")[0], re.MULTILINE))
    assert given == declared


def test_the_action_runs(request_: PullRequest, host: FakeHost) -> None:
    change(request_, model_keras=mlp(16, 12))
    given = {"KERAS_ASCII_ACTION": str(ROOT), "KERAS_ASCII_PYTHON": "python3", "KERAS_ASCII_CI_FAIL_ON": "never"}
    environment = {**request_.environment, **given, "PYTHONPATH": ""}
    done = request_.repository.run("bash", "-eo", "pipefail", "-c", _script(), **environment)
    assert (done.returncode, done.stderr) == (0, "keras-ascii: comment: created\n")
    assert "BREAKING" in host.bodies()[0]
    evil = {"KERAS_ASCII_CI_PATHS": "$(touch ran)`touch ran`; touch ran", "KERAS_ASCII_CI_BASE": "$(touch ran)"}
    request_.repository.run("bash", "-eo", "pipefail", "-c", _script(), **environment, **evil)
    assert not (request_.repository.folder / "ran").exists()
    environment["KERAS_ASCII_PYTHON"] = "/nowhere/python"
    done = request_.repository.run("bash", "-eo", "pipefail", "-c", _script(), **environment)
    assert done.returncode == 2
    assert "::error title=keras-ascii::Python 3.11 or newer is needed" in done.stdout
