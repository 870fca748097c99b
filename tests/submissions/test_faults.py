"""A server that is killed at any step leaves a submission whole or not at all, and pushes it once."""

import base64
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hub import LoopbackHub, Repo
from tests.submissions.archives import make_zip
from tests.submissions.crashing import Crashing, Looked, Point, Sender, Site
from tests.submissions.office import MODEL, PUSHER, REQUESTS

PUSHES = "warehouse.ledger.pushes:Pushes"
REPOSITORY = "api.submissions.repository:Repository"
MODELS = "api.submissions.models:ModelChecks"
SLOTS = "warehouse.ledger.slots:Slots"
FORM = "api.spool:Upload.write"
SYNC, PLACE = "api.submissions.evidence:sync", "api.submissions.evidence:EvidenceStore.place"
ADD = "warehouse.ledger.submissions:Submissions.add"
INSERTED = "warehouse.ledger.submissions:write_decision"
QUEUED = "warehouse.ledger.submissions:queue_push"
LOOK_UP = "warehouse.ledger.submissions:Submissions.holds_evidence"
SWEEP_FORMS = "api.submissions.evidence:remove_abandoned"


@dataclass(frozen=True)
class Scene:
    """Where the server is killed, and whether the submission, which comes by that door, is kept for all that.

    With `starting` it is killed there too, as it starts again.
    """

    name: str
    point: Point
    is_kept: bool
    door: str = "REST"
    starting: Point | None = None


# Those that wait for their push unclaimed come last: the server of a next scene would push them ahead of its own.
SCENES = [
    Scene("push claimed", Point(f"{PUSHES}.claim", is_after=True, call=2), True),
    Scene("repository looked at", Point(f"{REPOSITORY}._holding", is_after=True), True, "GraphQL"),
    Scene("archive uploaded", Point("huggingface_hub:HfApi.preupload_lfs_files", is_after=True), True),
    Scene("commit made", Point("huggingface_hub:HfApi.create_commit", is_after=True), True),
    Scene("commit known", Point(f"{PUSHES}.done"), True, "GraphQL"),
    Scene("push written down", Point(f"{PUSHES}.done", is_after=True), True),
    Scene("slot taken", Point(f"{SLOTS}.take", is_after=True), False, "GraphQL"),
    Scene("form half read", Point(FORM, is_after=True), False),
    Scene("form half read by GraphQL", Point(FORM, is_after=True), False, "GraphQL"),
    Scene("form read", Point("api.uploads:_Reader.finish", is_after=True), False),
    Scene("model checked", Point(f"{MODELS}.check", is_after=True), False),
    Scene("evidence synced", Point(SYNC, is_after=True), False),
    Scene("evidence named", Point(SYNC, call=2), False),
    Scene("evidence placed", Point(PLACE, is_after=True), False, "GraphQL"),
    Scene("evidence placed that was sent ahead", Point(PLACE, is_after=True), False, "page"),
    Scene("row inserted", Point(INSERTED), False),
    Scene("all rows inserted", Point(QUEUED, is_after=True), False, "GraphQL"),
    Scene("sweep begun", Point(INSERTED), False, starting=Point(LOOK_UP, is_after=True)),
    Scene("evidence swept", Point(INSERTED), False, starting=Point(SWEEP_FORMS)),
    Scene("all swept", Point(FORM, is_after=True), False, starting=Point(SWEEP_FORMS, is_after=True)),
    Scene("committed", Point(ADD, is_after=True), True),
    Scene("committed with what was sent ahead", Point(ADD, is_after=True), True, "page"),
    Scene("about to answer", Point("api.rest.submitting:accept"), True),
    Scene("about to answer by GraphQL", Point("api.graphql.mutation:show"), True, "GraphQL"),
    Scene("kept, and sweep begun", Point(ADD, is_after=True), True, starting=Point(LOOK_UP, is_after=True)),
]


FIRST_STARTS = [
    Point("warehouse.ledger.migration:_make_whole", is_after=True),
    Point("warehouse.ledger.migration:_migrate", is_after=True),
    Point("warehouse.ledger.ledger:bring_up", is_after=True),
]


@dataclass(frozen=True)
class Outcome:
    """What came of a scene; `fault`: the server was not killed where it should have been."""

    sender: Sender
    fault: str | None
    looked: Looked


@pytest.fixture(scope="module")
def outcomes(
    own_hub: LoopbackHub, requests_repo: Repo, sample_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Outcome]:
    """Each scene played with a sender of its own, and then, from one more start, what there is of each.

    The ledger itself is made by starts that are killed at it.
    """
    data_dir = tmp_path_factory.mktemp("crashing") / "data"
    shutil.copytree(sample_dir, data_dir, ignore=shutil.ignore_patterns("ledger", "evidence", "*.parquet"))
    senders = {scene.name: make_sender(own_hub, number, scene.door) for number, scene in enumerate(SCENES)}
    with Crashing(Site(own_hub.hub.url, str(data_dir), REQUESTS, PUSHER)) as crashing:
        assert [crashing.crash(point) for point in FIRST_STARTS] == [None] * len(FIRST_STARTS)
        faults = [play(crashing, scene, senders[scene.name]) for scene in SCENES]
        looked = crashing.look(list(senders.values()))
    played = zip(SCENES, faults, looked, strict=True)
    return {scene.name: Outcome(senders[scene.name], fault, found) for scene, fault, found in played}


def make_sender(own_hub: LoopbackHub, number: int, door: str) -> Sender:
    own_hub.hub.add_person(f"hf_sender-{number}", f"sender-{number}")
    archive = make_zip({f"{number}/results.csv": bytes(70_000)})
    return Sender(f"hf_sender-{number}", base64.b64encode(archive).decode(), door)


def play(crashing: Crashing, scene: Scene, sender: Sender) -> str | None:
    fault = crashing.crash(scene.point, sender)
    if fault is None and scene.starting is not None:
        fault = crashing.crash(scene.starting)
    return fault


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_submission_is_kept_whole_or_not_at_all_when_the_server_is_killed(
    outcomes: dict[str, Outcome], scene: Scene
) -> None:
    outcome = outcomes[scene.name]
    assert outcome.fault is None
    looked, sha256 = outcome.looked, hashlib.sha256(base64.b64decode(outcome.sender.archive)).hexdigest()
    assert_kept(looked.found, looked.kept, sha256, int(scene.is_kept))
    assert_kept(looked.found_again, looked.kept_again, sha256, 1)
    if scene.is_kept:
        assert looked.found == looked.found_again


def assert_kept(found: list[dict[str, object]], kept: list[str], sha256: str, count: int) -> None:
    assert [(each["sha256"], each["pushState"], each["audit"]) for each in found] == (
        [(sha256, "PUSHED", ["SUBMITTED"])] * count
    )
    assert [name for name in kept if sha256 in name] == [f"evidence/{sha256[:2]}/{sha256}.zip"] * count
    assert [name for name in kept if "incoming" in name] == []


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_it_is_pushed_once_however_often_it_is_sent(
    outcomes: dict[str, Outcome], requests_repo: Repo, scene: Scene
) -> None:
    sender = outcomes[scene.name].sender
    name = sender.token.removeprefix("hf_")
    commits = [each for each in requests_repo.commits if each.title.endswith(f" by {name}")]
    assert [each.title for each in commits] == [f"Add {MODEL} submission by {name}"]
    pushed = {path: body for path, body in requests_repo.commits[-1].files.items() if path.startswith(f"{name}/")}
    assert sorted(path.rpartition("/")[2] for path in pushed) == ["results.json", "results.zip"]
    assert base64.b64decode(sender.archive) in pushed.values()
    (found,) = outcomes[scene.name].looked.found_again
    assert found["pushCommit"] == commits[0].sha
