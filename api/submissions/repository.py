"""The dataset on the Hub that submissions are pushed to."""

import io
import logging
import re
import time
from collections.abc import Callable
from typing import BinaryIO

from api.submissions.transport import SILENCE_SECONDS, Allowance, HubFault, allowed

PUSH_SECONDS = 180.0  # for all requests of one push
TOKEN = re.compile(r"[!-~]{1,8192}")
SHA = re.compile(r"[0-9a-f]{40}")
KIND = "dataset"
BRANCH = "main"


class Repository:
    """One dataset, and the token that may write to it. Raises `ValueError` for what cannot be a token."""

    def __init__(
        self, name: str, endpoint: str, token: str, seconds: float = PUSH_SECONDS, silence: float = SILENCE_SECONDS
    ) -> None:
        from huggingface_hub import HfApi  # noqa: PLC0415 half a second, for those who push
        from huggingface_hub.utils import disable_progress_bars  # type: ignore[attr-defined]  # noqa: PLC0415

        if not TOKEN.fullmatch(token):
            raise ValueError("the Hub token holds characters that no token has: set it anew")
        disable_progress_bars()
        logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # it warns of each archive that goes by LFS
        self.name = name
        self._endpoint = endpoint.rstrip("/")
        self._api = HfApi(endpoint=self._endpoint, token=token, library_name="standings")
        self._seconds = seconds
        self._silence = silence

    def add_once(
        self, record: tuple[str, bytes], archive: tuple[str, BinaryIO], message: str, is_stopped: Callable[[], bool]
    ) -> str:
        """Put two files, each with its path, into one commit, and give the commit's sha.

        Where the record's path is there already, it is the commit that it came with, and nothing is added. The commit
        is tied to the state of the branch in which the path was missing, so that of several who try at once, however
        late one of them comes, only one succeeds. Raises `HubFault`.
        """
        allowance = Allowance(self._endpoint, time.monotonic() + self._seconds, self._silence, is_stopped)
        try:
            with allowed(allowance):
                head = self._head()
                return self._holding(record[0], head) or self._commit(record, archive, message, head)
        except Exception as error:  # noqa: BLE001 huggingface_hub lets through whatever an odd answer breaks in it
            raise _fault(error) from None

    def _head(self) -> str:
        sha = self._api.dataset_info(self.name, revision=BRANCH, expand=["sha"]).sha
        if sha is None or not SHA.fullmatch(sha):
            raise HubFault("the Hub names no commit of the branch")
        return sha

    def _holding(self, path: str, head: str) -> str | None:
        """The commit with which a file came; null: it is not there."""
        found = self._api.get_paths_info(self.name, [path], expand=True, revision=head, repo_type=KIND)
        if not found:
            return None
        commit = found[0].last_commit.oid if found[0].last_commit else head
        return commit if SHA.fullmatch(commit) else head

    def _commit(self, record: tuple[str, bytes], archive: tuple[str, BinaryIO], message: str, head: str) -> str:
        from huggingface_hub import CommitOperationAdd  # noqa: PLC0415 as above

        # An open file goes by plain LFS, where a path would go by Xet, which needs another host and its own client.
        large = CommitOperationAdd(*archive)
        small = CommitOperationAdd(record[0], io.BytesIO(record[1]))
        # Before the commit and by itself: several large files at once would go in threads that have no allowance.
        self._api.preupload_lfs_files(self.name, [large], repo_type=KIND, revision=BRANCH, free_memory=False)
        made = self._api.create_commit(
            self.name, [small, large], commit_message=message, repo_type=KIND, revision=BRANCH, parent_commit=head
        )
        if not SHA.fullmatch(made.oid):
            raise HubFault("the Hub does not name the commit it made")
        return made.oid


def _fault(error: Exception) -> HubFault:
    """The fault behind an error, which huggingface_hub may have wrapped."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, HubFault):
            return cause
        cause = cause.__cause__
    return HubFault(f"the Hub answered something unexpected ({type(error).__name__})")
