"""The body of a request, within a bound."""

from starlette.types import Receive

from api.disconnects import Gone
from api.refused import Refused


async def read_body(receive: Receive, most: int) -> bytearray:
    """All bytes of it. Raises `Refused` for more than `most`, and `Gone` where the client leaves meanwhile."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Gone
        body += message.get("body", b"")
        if len(body) > most:
            raise Refused(413, "TOO_LARGE", f"the body is larger than {most:,} bytes")
        more = message.get("more_body", False)
    return body
