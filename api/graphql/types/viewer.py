"""Who is asking."""

import datetime

import strawberry

from api.graphql.connections import DEFAULT_FIRST, After, Connection, First
from api.graphql.context import Context
from api.graphql.relation import computed
from api.graphql.types.submission import Submission, read_submissions
from api.ids import write_id
from api.submissions.service import LIMIT, WINDOW
from warehouse.ledger.records import Person


@strawberry.type(description="How often one may submit.")
class SubmissionLimit:
    limit: int = strawberry.field(description="How many submissions may be sent in the window.")
    remaining: int = strawberry.field(description="How many are left.")
    window_seconds: int = strawberry.field(description="Length of the window in seconds, which slides.")
    reset_at: datetime.datetime | None = strawberry.field(
        description="When the next one is free again; null: none is taken."
    )


@strawberry.type(description="Who is asking: somebody on the Hub.")
class Viewer:
    person: strawberry.Private[Person]
    name: str = strawberry.field(description="Name on the Hub.")
    avatar_url: str | None = strawberry.field(description="Address of the picture.")
    is_maintainer: bool = strawberry.field(description="Whether they review submissions.")

    @computed(description="Opaque, and the same when the name changes.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(write_id("Viewer", [self.person.id]))

    @computed(description="How often they may submit.")
    async def submission_limit(self, info: strawberry.Info[Context]) -> SubmissionLimit:
        window = await info.context.ask().submissions.limit(self.person)
        return SubmissionLimit(
            limit=LIMIT,
            remaining=window.remaining,
            window_seconds=int(WINDOW.total_seconds()),
            reset_at=window.resets_at,
        )

    @computed(description="What they have submitted, newest first.")
    async def submissions(
        self, info: strawberry.Info[Context], first: First = None, after: After = None
    ) -> Connection[Submission]:
        return await read_submissions(
            info.context.ask(), None, DEFAULT_FIRST if first is None else first, after, own=True
        )


def show_viewer(person: Person, *, is_maintainer: bool) -> Viewer:
    return Viewer(person=person, name=person.name, avatar_url=person.avatar_url, is_maintainer=is_maintainer)
