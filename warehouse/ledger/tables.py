"""Every table of the ledger, once: columns, keys, indexes and what they are for."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, MetaData, Table, text

from warehouse.ledger import columns
from warehouse.ledger.columns import moment
from warehouse.ledger.records import PushState, Status

SCHEMA = "0001"  # the newest of migrations/versions
SCHEMA_TABLE = "ledger_schema"
ID = 64
HASH = 128
NAME = 256
WORD = 32
ADDRESS = 4_096
NOTE = 20_000
LIST = 131_072
SCORES = 10_000_000
ERROR = 2_000

# SQLite counts up by itself in an INTEGER alone.
NUMBER = BigInteger().with_variant(Integer, "sqlite")
metadata = MetaData()


def _one_of(name: str, values: type[Status | PushState]) -> CheckConstraint:
    return CheckConstraint(f"{name} in ({', '.join(repr(each.value) for each in values)})", name=f"{name}_known")


submissions = Table(
    "submissions",
    metadata,
    columns.text("id", ID, "Random; names the submission in every answer.", primary_key=True),
    columns.text("status", WORD, "PENDING, APPROVED, REJECTED or WITHDRAWN."),
    columns.text("model_name", NAME, "organization/model on the Hub."),
    columns.text("model_type", WORD, "pretrained, finetuned, instruction or rl."),
    columns.text("precision", WORD, "bfloat16, float16, float32 or int8."),
    columns.text("revision", NAME, "Branch, tag or commit of the model, as sent."),
    columns.text("model_sha", ID, "Commit that the revision named when it was sent.", nullable=True),
    columns.text("weight_type", WORD, "original, delta or adapter."),
    columns.text("base_model", NAME, "What a delta or an adapter stands on.", nullable=True),
    columns.text("backend", WORD, "vlmevalkit, lmmseval or others."),
    columns.text("remarks", NOTE, "For the submitter and maintainers alone.", nullable=True),
    columns.text("scores", SCORES, "JSON: id, benchmark, variant, value and sub_scores of each, in percent."),
    columns.text("evidence_sha256", ID, "SHA-256 of the archive, by which it is kept."),
    Column("evidence_size", BigInteger, nullable=False, comment="Bytes of the archive."),
    columns.text("user_id", HASH, "Hub id of the submitter, which stays when the name changes."),
    columns.text("user_name", NAME, "Name of the submitter when it was sent."),
    columns.text("user_avatar_url", ADDRESS, "Picture of the submitter when it was sent.", nullable=True),
    moment("submitted_at", "When it was sent, in UTC."),
    columns.text("content", ID, "SHA-256 of all that was sent."),
    columns.text("reviewed_by", NAME, "Name of who approved or rejected it.", nullable=True),
    moment("reviewed_at", "When it was approved or rejected, in UTC.", nullable=True),
    columns.text("review_note", NOTE, "For the submitter and maintainers alone.", nullable=True),
    columns.text("push_state", WORD, "LOCAL, WAITING or PUSHED."),
    columns.text("push_commit", NAME, "Commit on the Hub that holds it.", nullable=True),
    _one_of("status", Status),
    _one_of("push_state", PushState),
    Index("submissions_newest", "submitted_at", "id", "status", "user_id"),
    Index("submissions_of_user", "user_id", "submitted_at", "id", "status"),
    Index("submissions_evidence", "evidence_sha256"),
    Index(
        "submissions_pending",
        "user_id",
        "content",
        unique=True,
        sqlite_where=text("status = 'PENDING'"),
        postgresql_where=text("status = 'PENDING'"),
    ),
    comment="What people have sent in.",
)

decisions = Table(
    "decisions",
    metadata,
    Column("number", NUMBER, primary_key=True, comment="Counts up in the order in which they were taken."),
    Column("submission", ForeignKey("submissions.id"), nullable=False, comment="Which submission."),
    columns.text("action", WORD, "SUBMITTED, or the status it was given."),
    columns.text("person_id", HASH, "Hub id of who did it."),
    columns.text("person_name", NAME, "Name of who did it, at that time."),
    moment("at", "When, in UTC."),
    columns.text("note", NOTE, "Why.", nullable=True),
    Index("decisions_of_submission", "submission", "number"),
    comment="The audit: who did what to which submission, when and why. Rows are only added.",
    sqlite_autoincrement=True,
)

pushes = Table(
    "pushes",
    metadata,
    Column("submission", ForeignKey("submissions.id"), primary_key=True, comment="What is to be pushed to the Hub."),
    moment("due_at", "Nobody tries before this: the end of a lease, or of the wait after a failure."),
    Column("tries", Integer, nullable=False, comment="How often it was tried."),
    columns.text("error", ERROR, "Why the last try failed.", nullable=True),
    Index("pushes_due", "due_at"),
    comment="The outbox: a row for each submission that is not on the Hub yet and is to be.",
)

slots = Table(
    "slots",
    metadata,
    Column("number", NUMBER, primary_key=True, comment="Counts up."),
    columns.text("user_id", HASH, "Hub id of who has taken it."),
    moment("at", "When it was taken."),
    moment("free_at", "When it may be swept away."),
    Index("slots_of_user", "user_id", "at"),
    Index("slots_free", "free_at"),
    comment="Rate windows: one row for each try.",
)


def _person() -> list[Column[str]]:
    return [
        columns.text("person_id", HASH, "Hub id of who it stands for."),
        columns.text("person_name", NAME, "Their name at sign-in."),
        columns.text("avatar_url", ADDRESS, "Their picture at sign-in.", nullable=True),
        columns.text("organizations", LIST, "JSON: names of the organizations they were in at sign-in."),
        moment("expires_at", "When it is worth nothing any more."),
    ]


sessions = Table(
    "sessions",
    metadata,
    columns.text("key_hash", HASH, "Hash of the key that the browser holds.", primary_key=True),
    columns.text("kind", WORD, "What the key is good for: cookie."),
    moment("opened_at", "When they signed in."),
    *_person(),
    Index("sessions_expiry", "expires_at"),
    Index("sessions_of_person", "person_id", "kind", "opened_at"),
    comment="Who is signed in.",
)

codes = Table(
    "codes",
    metadata,
    columns.text("code_hash", HASH, "Hash of the code that is in the address.", primary_key=True),
    *_person(),
    Index("codes_expiry", "expires_at"),
    comment="One-time codes that end a sign-in.",
)
