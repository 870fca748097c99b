"""Values that generated arguments are made of: those of a store, and some that no store has."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.api.plain import Plain
from warehouse.snapshot import Snapshot

WRONG = ("", "no such thing", 'a "quoted" \\ text\n', "ünïcode 🙂", "x" * 50)
TIMES = ("1999-01-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-05-15T12:00:00+02:00", "2999-12-31T23:59:59Z")
DAYS = ("2023-01-01", "2024-12-31", "2026-05-01")
COLUMNS = {
    "model": "select name from models union select name from model_aliases",
    "task": "select name from tasks",
    "benchmark": "select name from benchmarks union select unnest(aliases) from benchmarks",
    "organization": "select organization from models",
    "license": "select license from models",
    "model_type": "select unnest(model_types) from models",
    "modality": "select unnest(modalities) from models union select unnest(modalities) from tasks",
    "language": "select code from languages union select name from languages union select unnest(languages) from tasks",
    "framework": "select unnest(frameworks) from models",
    "domain": "select unnest(domains) from tasks",
    "type": "select type from tasks",
    "source": "select name from sources",
    "split": "select split::varchar from scores",
    "subset": "select subset::varchar from scores",
    "metric": "select metric::varchar from scores",
    "variant": "select variant::varchar from scores",
    "label": "select label from capabilities",
}
# What a text means by the argument or input field it is given to, where its own name does not say it.
MEANT = {
    "ModelWhere.name": "model", "TaskWhere.name": "task", "BenchmarkWhere.name": "benchmark", "Query.model": "model",
    "Query.task": "task", "Query.benchmark": "benchmark", "ModelWhere.trainedOn": "task", "capability": "label",
    "modelTypes": "model_type", "modalities": "modality", "languages": "language", "frameworks": "framework",
    "domains": "domain", "taskTypes": "type", "taskType": "type", "sources": "source", "splits": "split",
    "subsets": "subset", "Model.history": "benchmark",
}  # fmt: skip
NODES = "nodes { id }"
IDS = f"""{{ models(first: 4) {{ {NODES} }} tasks(first: 4) {{ {NODES} }} benchmarks(first: 4) {{ {NODES} }}
    scores(first: 4) {{ {NODES} }} warehouse {{ sources {{ versions {{ {NODES} }} }} }} }}"""
VERSIONS = f"{{ warehouse {{ sources {{ versions {{ {NODES} }} }} }} }}"
PAGED = "(first: 6) { edges { cursor } }"
CURSORS = f"""{{ models{PAGED} tasks{PAGED} benchmarks{PAGED} scores{PAGED} conflicts{PAGED}
    backward: models(last: 3, orderBy: [{{ field: PARAMETERS, direction: DESC }}]) {{ edges {{ cursor }} }}
    warehouse {{ sources {{ versions{PAGED} }} }} board: benchmarks(first: 30) {{ nodes {{
        leaderboard {{ entries{PAGED} }} }} }} }}"""


@dataclass(frozen=True)
class Known:
    """Texts by what they mean, and numbers near those that are stored."""

    texts: dict[str, list[str]]

    def meant(self, owner: str, name: str) -> str:
        """What a text given to `name` of `owner` (a type and its field, or an input type) means."""
        for key in (f"{owner}.{name}", owner, name):
            meaning = MEANT.get(key, key)
            if meaning in self.texts:
                return meaning
        return "any"


def read_known(plain: Plain) -> Known:
    """What a store has, each sorted."""
    texts = {name: _column(plain.context.snapshot, sql) for name, sql in COLUMNS.items()}
    ids = sorted(set(_found(plain.execute(IDS, {}).data, "id")))
    texts["id"] = [*ids, "", "nonsense", "W10", "WyJNb2RlbCIsIm5vYm9keSJd", "WyJTY29yZSIsMV0", "WyJRdWVyeSIsImEiXQ"]
    sources = (plain.execute(VERSIONS, {}).data or {})["warehouse"]["sources"]
    versions = [sorted(_found(source, "id")) for source in sources]
    # Those that can be compared with another one are chosen more often.
    texts["version"] = [each for ids in versions for each in ids * len(ids) ** 2]
    cursors = plain.execute(CURSORS, {}).data or {}
    texts["cursor"] = sorted(set(_found(cursors, "cursor")))
    texts |= {f"cursor of Query.{name}": sorted(_found(part, "cursor")) for name, part in cursors.items()}
    texts["any"] = [name for names in texts.values() for name in names[:2]]
    return Known(texts)


def _column(snapshot: Snapshot, sql: str) -> list[str]:
    rows = snapshot.rows(f"select distinct value from ({sql}) as named(value) where value is not null order by value")
    return [row["value"] for row in rows]


def _found(value: Any, name: str) -> Iterator[str]:
    """All values under a name, anywhere in an answer."""
    if isinstance(value, list):
        for each in value:
            yield from _found(each, name)
    elif isinstance(value, dict):
        for key, each in value.items():
            if key == name:
                yield each
            else:
                yield from _found(each, name)
