"""What an operator has set up, and what has not been."""

from pathlib import Path
from typing import Any

import pytest

from api.settings import Settings
from tests.hub import FakeHub
from tests.submissions.office import Office, open_office

pytest_plugins = ("tests.hub.fixtures",)

MISCONFIGURED = "Server configuration error. Please contact the maintainers."
NAMES = {
    "HF_UPLOAD_TOKEN": "hub_token", "HF_REQUESTS_REPO": "requests_repo", "HF_CLIENT_ID": "oauth_client_id",
    "HF_CLIENT_SECRET": "oauth_client_secret", "HF_REDIRECT_URI": "oauth_redirect_uri",
}  # fmt: skip


def text(value: Any) -> str:
    return str(value.get_secret_value() if hasattr(value, "get_secret_value") else value)


@pytest.mark.parametrize(("theirs", "ours"), NAMES.items())
def test_easis_names_of_settings_work_and_ours_go_before(
    theirs: str, ours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(theirs, "lab/theirs")
    assert text(getattr(Settings(), ours)) == "lab/theirs"
    monkeypatch.setenv(f"STANDINGS_{ours.upper()}", "lab/ours")
    assert text(getattr(Settings(), ours)) == "lab/ours"


def test_a_repository_without_a_token_is_told_before_anything_else(hub: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with open_office(hub, tmp_path, tmp_path / "data", requests_repo="lab/requests", hub_token=None) as office:
        answer = office.send({})
        assert answer.status_code == 500
        assert answer.json() == {"success": False, "error": MISCONFIGURED, "code": "SERVER_CONFIGURATION"}
        assert office.client.put("/api/blob-upload/").status_code == 500


def test_by_graphql_too(hub: FakeHub, sample_dir: Path, tmp_path: Path) -> None:
    with open_office(hub, sample_dir, tmp_path / "data", requests_repo="lab/requests", hub_token=None) as office:
        outcome = office.mutate(office.arrive())
        assert outcome == {"__typename": "SubmissionFailed", "code": "SERVER_CONFIGURATION", "message": MISCONFIGURED}


def test_without_a_repository_submissions_are_kept_here(office: Office) -> None:
    name = office.take(office.arrive())
    found = office.ask("query($id: ID!) { submission(id: $id) { pushState pushCommit } }", id=name)
    assert found["submission"] == {"pushState": "LOCAL", "pushCommit": None}
