"""A small Hugging Face Hub on loopback, against which the real huggingface_hub client works."""

from tests.hub.fake import FakeHub, Quota, Recorded
from tests.hub.faults import Fault
from tests.hub.repos import Repo
from tests.hub.server import LoopbackHub

__all__ = ["FakeHub", "Fault", "LoopbackHub", "Quota", "Recorded", "Repo"]
