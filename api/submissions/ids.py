"""The ids of submissions, as people see them."""

from api.ids import read_id, write_id

KIND = "Submission"


def write_submission_id(name: str) -> str:
    """The id of the submission that has that name in the ledger."""
    return write_id(KIND, [name])


def read_submission_id(text: str) -> str | None:
    """The name in the ledger; null: it is no id of a submission."""
    found = read_id(text)
    if found is None or found[0] != KIND or len(found[1]) != 1 or not isinstance(found[1][0], str):
        return None
    return str(found[1][0])
