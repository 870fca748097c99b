"""One request of somebody, who is found out when that is first needed, and once."""

import asyncio
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.types import Scope

from api.accounts.callers import Accounts
from api.submissions.problems import NotSignedIn
from api.submissions.service import SIGN_IN, Submissions
from warehouse.ledger.records import Person

NOWHERE = "unknown"


@dataclass
class Visit:
    """Who asks, and the service that is asked."""

    submissions: Submissions
    scope: Scope = field(repr=False)
    _person: "asyncio.Task[Person | None] | None" = field(default=None, repr=False)

    async def person(self) -> Person | None:
        """Who asks; null: nobody says who they are. Raises `NotSignedIn`, `Forbidden` and `Failed`."""
        if self._person is None:
            self._person = asyncio.create_task(self._identify())
        return await asyncio.shield(self._person)

    async def signed_in(self) -> Person:
        """Who asks. Raises the same, and `NotSignedIn` for nobody."""
        person = await self.person()
        if person is None:
            raise NotSignedIn(SIGN_IN)
        return person

    async def _identify(self) -> Person | None:
        accounts: Accounts = self.submissions.accounts
        return await accounts.identify(Headers(scope=self.scope), self.scope["method"], address(self.scope))


def address(scope: Scope) -> str:
    """The address a request comes from."""
    client = scope.get("client")
    return str(client[0]) if client else NOWHERE
