"""Column types that both databases keep alike: times in UTC, and texts of a bounded length."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Column, DateTime, Dialect, String, TypeDecorator


def now_utc() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


class Moment(TypeDecorator[datetime]):
    """A time to the microsecond: a zone is needed on the way in, and it is UTC on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """A text of bounded length. A NUL is refused: PostgreSQL cannot keep it, and SQLite stops counting at it."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy gives it
        if value is not None and "\0" in value:
            raise ValueError("a text with a NUL in it")
        if value is not None and not value.isascii():
            value.encode()  # so that half a surrogate pair is an error of the statement, and not the driver's own
        return value


def text(name: str, most: int, comment: str, *, primary_key: bool = False, nullable: bool = False) -> Column[Any]:
    """A column of text of at most so many characters, which SQLite holds to by the check alone."""
    check = CheckConstraint(f"length({name}) <= {most}", name=f"{name}_length")
    return Column(name, Words(most), check, primary_key=primary_key, nullable=nullable, comment=comment)


def moment(name: str, comment: str, *, nullable: bool = False) -> Column[Any]:
    """A column of times."""
    return Column(name, Moment(), nullable=nullable, comment=comment)
