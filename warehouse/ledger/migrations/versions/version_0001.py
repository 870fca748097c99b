"""Submissions, the audit, the outbox, rate windows, sessions and sign-in codes."""

import sqlalchemy as sa
from alembic import op

from warehouse.ledger.columns import Moment, Words, moment, text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    _make_submissions()
    _make_decisions()
    _make_pushes()
    _make_slots()
    _make_sessions()


def _make_submissions() -> None:
    op.create_table(
        "submissions",
        text("id", 64, "Random; names the submission in every answer.", primary_key=True),
        text("status", 32, "PENDING, APPROVED, REJECTED or WITHDRAWN."),
        text("model_name", 256, "organization/model on the Hub."),
        text("model_type", 32, "pretrained, finetuned, instruction or rl."),
        text("precision", 32, "bfloat16, float16, float32 or int8."),
        text("revision", 256, "Branch, tag or commit of the model, as sent."),
        text("model_sha", 64, "Commit that the revision named when it was sent.", nullable=True),
        text("weight_type", 32, "original, delta or adapter."),
        text("base_model", 256, "What a delta or an adapter stands on.", nullable=True),
        text("backend", 32, "vlmevalkit, lmmseval or others."),
        text("remarks", 20_000, "For the submitter and maintainers alone.", nullable=True),
        text("scores", 10_000_000, "JSON: id, benchmark, variant, value and sub_scores of each, in percent."),
        text("evidence_sha256", 64, "SHA-256 of the archive, by which it is kept."),
        sa.Column("evidence_size", sa.BigInteger, nullable=False, comment="Bytes of the archive."),
        text("user_id", 128, "Hub id of the submitter, which stays when the name changes."),
        text("user_name", 256, "Name of the submitter when it was sent."),
        text("user_avatar_url", 4_096, "Picture of the submitter when it was sent.", nullable=True),
        moment("submitted_at", "When it was sent, in UTC."),
        text("content", 64, "SHA-256 of all that was sent."),
        text("reviewed_by", 256, "Name of who approved or rejected it.", nullable=True),
        moment("reviewed_at", "When it was approved or rejected, in UTC.", nullable=True),
        text("review_note", 20_000, "For the submitter and maintainers alone.", nullable=True),
        text("push_state", 32, "LOCAL, WAITING or PUSHED."),
        text("push_commit", 256, "Commit on the Hub that holds it.", nullable=True),
        sa.CheckConstraint("status in ('PENDING', 'APPROVED', 'REJECTED', 'WITHDRAWN')", name="status_known"),
        sa.CheckConstraint("push_state in ('LOCAL', 'WAITING', 'PUSHED')", name="push_state_known"),
        comment="What people have sent in.",
    )
    op.create_index("submissions_newest", "submissions", ["submitted_at", "id", "status", "user_id"])
    op.create_index("submissions_of_user", "submissions", ["user_id", "submitted_at", "id", "status"])
    op.create_index("submissions_evidence", "submissions", ["evidence_sha256"])
    pending = sa.text("status = 'PENDING'")
    op.create_index(
        "submissions_pending",
        "submissions",
        ["user_id", "content"],
        unique=True,
        sqlite_where=pending,
        postgresql_where=pending,
    )


def _make_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("number", NUMBER, primary_key=True, comment="Counts up in the order in which they were taken."),
        _submission("Which submission."),
        text("action", 32, "SUBMITTED, or the status it was given."),
        text("person_id", 128, "Hub id of who did it."),
        text("person_name", 256, "Name of who did it, at that time."),
        moment("at", "When, in UTC."),
        text("note", 20_000, "Why.", nullable=True),
        comment="The audit: who did what to which submission, when and why. Rows are only added.",
        sqlite_autoincrement=True,
    )
    op.create_index("decisions_of_submission", "decisions", ["submission", "number"])


def _make_pushes() -> None:
    op.create_table(
        "pushes",
        _submission("What is to be pushed to the Hub.", primary_key=True),
        moment("due_at", "Nobody tries before this: the end of a lease, or of the wait after a failure."),
        sa.Column("tries", sa.Integer, nullable=False, comment="How often it was tried."),
        text("error", 2_000, "Why the last try failed.", nullable=True),
        comment="The outbox: a row for each submission that is not on the Hub yet and is to be.",
    )
    op.create_index("pushes_due", "pushes", ["due_at"])


def _make_slots() -> None:
    op.create_table(
        "slots",
        sa.Column("number", NUMBER, primary_key=True, comment="Counts up."),
        text("user_id", 128, "Hub id of who has taken it."),
        moment("at", "When it was taken."),
        moment("free_at", "When it may be swept away."),
        comment="Rate windows: one row for each try.",
    )
    op.create_index("slots_of_user", "slots", ["user_id", "at"])
    op.create_index("slots_free", "slots", ["free_at"])


def _make_sessions() -> None:
    op.create_table(
        "sessions",
        text("key_hash", 128, "Hash of the key that the browser holds.", primary_key=True),
        text("kind", 32, "What the key is good for: cookie."),
        moment("opened_at", "When they signed in."),
        *_person(),
        comment="Who is signed in.",
    )
    op.create_index("sessions_expiry", "sessions", ["expires_at"])
    op.create_index("sessions_of_person", "sessions", ["person_id", "kind", "opened_at"])
    op.create_table(
        "codes",
        text("code_hash", 128, "Hash of the code that is in the address.", primary_key=True),
        *_person(),
        comment="One-time codes that end a sign-in.",
    )
    op.create_index("codes_expiry", "codes", ["expires_at"])


def _submission(comment: str, *, primary_key: bool = False) -> sa.Column[str]:
    known = sa.ForeignKey("submissions.id")
    return sa.Column("submission", Words(64), known, primary_key=primary_key, nullable=False, comment=comment)


def _person() -> list[sa.Column[str]]:
    return [
        text("person_id", 128, "Hub id of who it stands for."),
        text("person_name", 256, "Their name at sign-in."),
        text("avatar_url", 4_096, "Their picture at sign-in.", nullable=True),
        text("organizations", 131_072, "JSON: names of the organizations they were in at sign-in."),
        sa.Column("expires_at", Moment(), nullable=False, comment="When it is worth nothing any more."),
    ]
