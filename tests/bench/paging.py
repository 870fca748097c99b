"""Pages of all scores: against the bare statement, and the last against the first."""

from contextlib import closing
from pathlib import Path
from typing import Any

import orjson

from tests.bench import bare
from tests.bench.application import Application
from tests.bench.cold import LARGE, serving, settled
from tests.bench.inputs import Inputs
from tests.bench.pairs import take_turns
from tests.bench.questions import CURSORS, PAGE_SIZE, Question, page
from tests.bench.results import Result
from tests.bench.stores import board_store, large_store

OF_BARE = (1.6, 1.3)
OF_FIRST = (1.3, 1.1)


def cold_pages(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """The first page and the last, of whatever source."""
    data = board_store(inputs, folder)
    return [_against_bare(data), *_last_against_first(data, "")]


def large_pages(inputs: Inputs, folder: Path, repeat: int) -> list[Result]:
    """The last page of many more scores."""
    return _last_against_first(large_store(inputs, folder), f", {LARGE}")


def _against_bare(data: Path) -> Result:
    question = page(first=PAGE_SIZE)
    body = question.body
    with serving(data) as ours, closing(bare.connect(data)) as connection:
        answer = ours.answer(question)
        reference = bare.Bare(connection, bare.page(), answer)
        with settled():
            pairs = take_turns(lambda: ours.ask(body), reference.run, apart=True)
        more: dict[str, Any] = {"pieces": reference.pieces(), "bytes": len(answer)}
    return pairs.lower(f"cold page of {PAGE_SIZE:,} scores / bare SQL and orjson", *OF_BARE, **more)


def _last_against_first(data: Path, where: str) -> list[Result]:
    results = []
    with serving(data) as ours:
        first = page(first=PAGE_SIZE)
        for how, last in _lasts(ours).items():
            found = ours.data(last)["scores"]["nodes"]
            if len(found) != PAGE_SIZE or found == ours.data(first)["scores"]["nodes"]:
                raise RuntimeError(f"the last page {how} holds {len(found)} scores, or those of the first page")
            one, other = last.body, first.body
            with settled():
                pairs = take_turns(
                    lambda one=one: ours.ask(one),  # type: ignore[misc]
                    lambda other=other: ours.ask(other),  # type: ignore[misc]
                    apart=True,
                )
            results.append(pairs.lower(f"last page of all scores {how} / first{where}", *OF_FIRST))
    return results


def _lasts(ours: Application) -> dict[str, Question]:
    """Both ways to the last page, which must lead to the same scores."""
    edges = ours.data(Question(CURSORS, {"last": PAGE_SIZE + 1}))["scores"]["edges"]
    after = page(first=PAGE_SIZE, after=edges[0]["cursor"])
    lasts = {"by cursor": after, "by `last`": page(last=PAGE_SIZE)}
    answers = {orjson.dumps(ours.data(question)) for question in lasts.values()}
    if len(answers) != 1:
        raise RuntimeError("the last page by a cursor is not the last page by `last`")
    return lasts
