"""The sample's invented tasks and embedding models, as its facts say."""

from dataclasses import dataclass

from etl.sample.files import commit, draw, facts, listed

UNDECLARED = "undeclared"


@dataclass(frozen=True)
class Task:
    """An invented task. `subsets` maps a subset to its languages; `base` is what a poor model scores, 0 to 1."""

    name: str
    type: str
    simplified: str
    category: str
    modalities: list[str]
    metric: str
    public: bool
    splits: list[str]
    subsets: dict[str, list[str]]
    domains: list[str]
    license: str
    samples: int
    base: float
    description: str

    @property
    def revision(self) -> str:
        """Revision of its dataset."""
        return commit("dataset", self.name)

    @property
    def languages(self) -> list[str]:
        """Codes of its languages, without scripts."""
        return sorted({code.split("-")[0] for codes in self.subsets.values() for code in codes})


@dataclass(frozen=True)
class Embedder:
    """An invented embedding model; `row` holds its facts as text."""

    name: str
    quality: float
    modalities: list[str]
    languages: list[str]
    row: dict[str, str]

    @property
    def revision(self) -> str:
        """The revision that the catalogue names."""
        return commit("model", self.name)

    def score(self, task: Task, *cell: str) -> float:
        """A made-up score from 0 to 1."""
        noise = 0.08 * draw("mteb", self.name, task.name) + 0.05 * draw("mteb", self.name, task.name, *cell)
        return round(task.base + 0.4 * self.quality + noise, 6)


def read_tasks() -> list[Task]:
    """All tasks, in the order of the catalogue."""
    return [_task(row) for row in facts("tasks.csv")]


def read_embedders() -> list[Embedder]:
    """All embedding models, in the order of the catalogue."""
    return [
        Embedder(row["name"], float(row["quality"]), listed(row["modalities"]), listed(row["languages"]), row)
        for row in facts("embedders.csv")
    ]


def _task(row: dict[str, str]) -> Task:
    subsets = dict(pair.split("=") for pair in listed(row["subsets"]))
    return Task(
        name=row["name"],
        type=row["type"],
        simplified=row["simplified"],
        category=row["category"],
        modalities=listed(row["modalities"]),
        metric=row["metric"],
        public=row["public"] == "yes",
        splits=listed(row["splits"]),
        subsets={subset: codes.split("+") for subset, codes in subsets.items()},
        domains=listed(row["domains"]),
        license=row["license"],
        samples=int(row["samples"]),
        base=float(row["base"]),
        description=row["description"],
    )
