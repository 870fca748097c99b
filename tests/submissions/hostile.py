"""Requests that nobody honest sends: valid ones with damage done to them, and values of odd shapes."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from tests.submissions.archives import make_zip
from tests.submissions.office import PAYLOAD, SUBMIT, as_input

ARCHIVE = make_zip({"m/a.csv": b"a,b\n1,2\n", "m/b.json": b"{}"})
MULTIPART = "multipart/form-data; boundary=edge"
BITS = [
    b"\r\n--edge\r\n",
    b"\r\n--edge--",
    b"--edge--\r\n",
    b"\r\n",
    b"\n",
    b"\0",
    b"\xff\xfe\x00",
    b'"',
    b"{",
    b"[" * 5_000,
    b'Content-Disposition: form-data; name="payload"\r\n',
    b"Content-Disposition: form-data; name=\"payload\"; filename*=utf-16''%00%d8\r\n\r\n",
    b"Content-Type: text/plain; charset=utf-7\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"X-" + b"y" * 70_000 + b": z\r\n",
    b"PK\x05\x06" + bytes(18),
    b"PK\x01\x02",
    b"9" * 6_000,
    b"\\ud800",
    b"NaN",
    b"1e999",
]
BITS_WITHIN = [bit for bit in BITS if b"--edge" not in bit]  # that are no end of a form's part
CONTENT_TYPES = [
    "",
    "text/plain",
    "application/json",
    "application/json; charset=utf-16",
    "application/x-www-form-urlencoded",
    "multipart/mixed; boundary=edge",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    'multipart/form-data; boundary="edge',
    "multipart/form-data; boundary=edge; boundary=other",
    "multipart/form-data; boundary*=utf-16''%00%d8",
    "multipart/form-data; boundary*=nothing''edge",
    "multipart/form-data; boundary*0=ed; boundary*1=ge",
    f"multipart/form-data; boundary={'x' * 71}",
    f"multipart/form-data; boundary={'x' * 100_000}",
    "multipart/form-data; charset=utf-7; boundary=edge",
    "MULTIPART/FORM-DATA; BOUNDARY=edge",
]
PATHS = [
    "variables.input.evidence",
    "query",
    "",
    ".",
    "variables",
    "variables.",
    "variables.input",
    "variables.input.evidence.x",
    "variables.input.scores.0.value",
    "variables.input.scores.-1.value",
    "variables.input.scores.99999999999999999999999.value",
    "variables.input.remarks",
    "variables.input.modelName",
    "variables.input.__class__",
    "0.variables.input.evidence",
    "variables." + "x." * 5_000,
    "operationName",
]

scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(),
    st.text(max_size=8),
    st.sampled_from(
        ["", "lab/Model-1", "lab/\0", "\ud800", "\u202e", "../..", "x" * 3_000, 10**400, "Delta", "main", -0.0]
    ),
)
names = st.sampled_from([*PAYLOAD, "blobUrl", "userId", "vsi_bench", "evidence", "__proto__"]) | st.text(max_size=5)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=8
)
DEEP = "[" * 50_000 + "]" * 50_000


def as_json(value: Any) -> str:
    """JSON as Python writes it, with NaN and halves of surrogate pairs."""
    return json.dumps(value)


@st.composite
def payloads(draw: st.DrawFn) -> str:
    """EASI's payload with some fields of other values, or another text altogether."""
    if draw(st.integers(0, 5)) == 0:
        return draw(values.map(as_json) | st.text(max_size=20) | st.sampled_from([DEEP, '{"a":' * 50_000, "9" * 5_000]))
    changed = draw(st.dictionaries(names, values, min_size=1, max_size=3))
    return as_json({**PAYLOAD, **changed})


def form(*parts: tuple[str, bytes, str | None]) -> bytes:
    """A form of parts: name, content and file name."""
    body = b""
    for name, content, filename in parts:
        named = f'; filename="{filename}"' if filename else ""
        body += b'--edge\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n' % (name.encode(), named.encode())
        body += content + b"\r\n"
    return body + b"--edge--\r\n"


def submission(payload: str = json.dumps(PAYLOAD), archive: bytes = ARCHIVE) -> bytes:
    """As EASI's client sends it."""
    return form(("payload", payload.encode("utf-8", "surrogatepass"), None), ("zipFile", archive, "a.zip"))


def operations(changed: dict[str, Any]) -> dict[str, Any]:
    """The mutation, with some of its input changed."""
    return {"query": SUBMIT, "variables": {"input": {**as_input(PAYLOAD), "evidence": None, **changed}}}


def mutation(
    request: Any = ..., places: Any = ..., archive: bytes = ARCHIVE, write: Callable[[Any], str] = as_json
) -> bytes:
    """As a client of the GraphQL multipart request specification sends it."""
    given = operations({}) if request is ... else request
    placed = {"0": ["variables.input.evidence"]} if places is ... else places
    return form(("operations", write(given).encode(), None), ("map", write(placed).encode(), None), ("0", archive, "a"))


@st.composite
def damaged(draw: st.DrawFn, whole: bytes, bits: Sequence[bytes] = tuple(BITS)) -> bytes:
    """Bytes to which something was done: flipped, cut, doubled, put in, in one to three places."""
    body = whole
    for _ in range(draw(st.integers(1, 3))):
        begin = draw(st.integers(0, max(0, len(body) - 1)))
        end = min(len(body), begin + draw(st.integers(1, 60)))
        match draw(st.sampled_from(["flip", "cut", "cut off", "double", "put in"])):
            case "flip":
                body = body[:begin] + bytes([draw(st.integers(0, 255))]) + body[begin + 1 :]
            case "cut":
                body = body[:begin] + body[end:]
            case "cut off":
                body = body[:begin]
            case "double":
                body = body[:end] + body[begin:]
            case "put in":
                body = body[:begin] + draw(st.sampled_from(bits)) + body[begin:]
    return body


requests = st.one_of(
    st.dictionaries(st.sampled_from(["query", "variables", "operationName", "extensions"]), values, max_size=4),
    st.dictionaries(names, values, max_size=3).map(operations),
    st.dictionaries(names, values, max_size=3).map(lambda variables: {"query": SUBMIT, "variables": variables}),
    values,
)
places = st.one_of(
    st.dictionaries(
        st.sampled_from(["0", "1", "map", "operations", ""]),
        st.lists(st.sampled_from(PATHS), max_size=3) | st.sampled_from(PATHS) | values,
        max_size=3,
    ),
    st.just({"0": ["variables.input.evidence", "variables.input.evidence"]}),
    st.just({str(number): [] for number in range(50)}),
    values,
)
