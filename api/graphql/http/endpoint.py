"""The endpoint: from a request to its answer, by what was answered before where that is still right."""

import logging
from collections.abc import Hashable

from starlette.types import ASGIApp, Receive, Scope, Send

from api.cache import Cache, Flights
from api.disconnects import Gone, attended
from api.encodings import KNOWN, read_coding
from api.engine import Engine
from api.graphql.errors import RequestError
from api.graphql.http.documents import Documents, ToldDocuments
from api.graphql.http.errors import mask
from api.graphql.http.execution import Execution, Question
from api.graphql.http.negotiation import GRAPHQL_JSON, JSON, choose_media_type
from api.graphql.http.requests import Asked, Head, read_head, reading_request
from api.graphql.http.responses import Answer, Reply
from api.graphql.operations import Operations
from api.observing.record import under_way
from api.refused import Refused
from api.submissions.service import Submissions
from api.submissions.visit import Visit
from warehouse.snapshot import Serving, Snapshot

MEGABYTE = 1_000_000
SHARE = 0.5  # of the memory for caches
log = logging.getLogger("standings.graphql")


class GraphQLEndpoint:
    """An ASGI application that answers GraphQL by GET and POST from the snapshot that is served.

    `engine` goes to `Context`. `cache_mb` is the memory for caches, of which whole answers take half; without any
    (0) none are kept. `max_age` is how many seconds others may keep an answer to GET. `documents` says what may run.
    `submissions` is the service behind what is submitted; without one there is none. `page` is for browsers that ask
    nothing.
    """

    def __init__(
        self,
        operations: Operations,
        serving: Serving,
        engine: Engine,
        *,
        cache_mb: int = 256,
        max_age: int = 60,
        documents: Documents | None = None,
        submissions: Submissions | None = None,
        page: ASGIApp | None = None,
    ) -> None:
        self.serving = serving
        self.execution = Execution(operations, serving, engine)
        self.max_age = max_age
        self.documents = documents or ToldDocuments()
        self.submissions = submissions
        self.page = page
        self.answers = Cache(int(cache_mb * MEGABYTE * SHARE))
        self.flights = Flights()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request, whatever it is."""
        head, record = read_head(scope), under_way()
        if self.page is not None and head.wants_page:
            await self.page(scope, receive, send)
            return
        visit = Visit(self.submissions, scope) if self.submissions else None
        try:
            answer = await self._answer(head, receive, Reply(record.id), visit)
        except Gone:
            return
        record.operation, record.cost, record.snapshot = answer.operation, answer.cost, answer.snapshot
        await answer.send(head, self.max_age, send)

    async def _answer(self, head: Head, receive: Receive, reply: Reply, visit: Visit | None) -> Answer:
        try:
            with self.serving.reading() as snapshot:
                reply.snapshot = snapshot.id if snapshot else None
                _negotiate(head, reply)
                async with reading_request(head, receive, visit) as asked:
                    question = self._question(asked, snapshot, reply, head, visit)
                    key = None if head.private else question.key
                    found = None if key is None else self.answers.get(key)
                    return found or await self._work_out(key, question, receive)
        except Refused as refused:
            return await reply.refuse(refused)
        except RequestError as error:
            return await reply.fail([dict(error.formatted)], {})
        except Gone:
            raise
        except Exception:
            log.exception("request %s failed", reply.request_id)
            return await reply.refuse(Refused(500, "INTERNAL_SERVER_ERROR", mask(reply.request_id)))

    def _question(
        self, asked: Asked, snapshot: Snapshot | None, reply: Reply, head: Head, visit: Visit | None
    ) -> Question:
        if snapshot is None:
            raise Refused(503, "NOT_READY", "there is no snapshot yet: run `standings build`", {"Retry-After": "5"})
        document = self.documents.find(asked)
        under_way().document = document.id
        return Question(document, asked.variables, asked.operation_name, snapshot, reply, head.reads, visit)

    async def _work_out(self, key: Hashable, question: Question, receive: Receive) -> Answer:
        """The answer that is not there yet: once for all who ask the same, alone for what has no key or may change."""
        with attended(receive):
            if key is None or question.may_change:
                return await self.execution.run(question)
            return await self.flights.join(key, lambda: self._fill(key, question))

    async def _fill(self, key: Hashable, question: Question) -> Answer:
        answer = await self.execution.run(question)
        if answer.lasts:
            self.answers.put(key, answer, answer.size)
        return answer


def _negotiate(head: Head, reply: Reply) -> None:
    """Reply as what the client takes. Raises `Refused` where it takes nothing we have."""
    media_type, coding = choose_media_type(head.accept), read_coding(head.accept_encoding)
    if media_type is None:
        raise Refused(406, "NOT_ACCEPTABLE", f"answers are {GRAPHQL_JSON} or {JSON}: accept one of them")
    reply.media_type = media_type
    if coding is None:
        raise Refused(406, "NOT_ACCEPTABLE", f"answers are coded as {', '.join(KNOWN)} or not at all: accept one")
    reply.coding = coding
