"""What the pages of a site ask: the documents beside the project, and variables for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import DocumentNode, parse, separate_operations

QUERIES = Path(__file__).parents[2] / "shared" / "queries"
VERSIONS = '{ benchmark(name: "EASI-8") { versions(first: 1000) { nodes { id } } } }'
OF_PEOPLE = ("easi_and_hub:Submit", "easi_and_hub:Review", "easi_and_hub:Mine")  # of somebody who is signed in
PREVIEWED = {"modelName": "sample-lab/Sample-VL-9B", "scores": [{"benchmark": "embspatial", "value": 51.2}]}
HUB_BOARD = "sample-lab/sample-reasoning"  # the Hub's own boards are not beside the project: the sample's are asked


@dataclass(frozen=True)
class Pages:
    """Whose pages: boards, the first of which has the benchmark page; models, the first of which has the model page.

    `stand_ins` are the store's own names for those that the documents name.
    """

    boards: tuple[str, ...]
    models: tuple[str, ...]
    easi_model: str
    task: str
    stand_ins: Mapping[str, str]

    def operations(self) -> dict[str, DocumentNode]:
        """Each operation that anybody may ask, as `file:operation`; none where the documents are absent."""
        found = {}
        for file in sorted(QUERIES.glob("*.graphql")):
            text = file.read_text("utf-8")
            for name, stand_in in self.stand_ins.items():
                text = text.replace(name, stand_in)
            found.update({f"{file.stem}:{name}": each for name, each in separate_operations(parse(text)).items()})
        return {name: each for name, each in found.items() if name not in OF_PEOPLE}

    def variables(self, operation: str, versions: Sequence[str]) -> dict[str, Any]:
        """Those of one operation; `versions` are the ids that VERSIONS asks for."""
        variables: dict[str, dict[str, Any]] = {
            "benchmark:Board": {"name": self.boards[0]},
            "benchmark:PerLanguage": {"name": self.boards[0]},
            "compare:C": {"models": self.models, "boards": self.boards},
            "easi_and_hub:Profile": {"m": self.easi_model},
            "easi_and_hub:Diff": {"a": versions[0], "b": versions[-1]},
            "easi_and_hub:Hub": {"b": HUB_BOARD},
            "easi_and_hub:Preview": {"i": PREVIEWED},
            "home:Home": {"pinned": self.boards[:3]},
            "model:M": {"name": self.models[0]},
            "task:T": {"name": self.task},
        }
        return variables.get(operation, {})


SAMPLE = Pages(
    boards=("SampleMTEB(v2)", "EASI-8"),
    models=("sample-lab/Sample-VL-7B",),
    easi_model="sample-lab/Sample-VL-7B",
    task="vsi_bench",
    stand_ins={"MTEB(eng, v2)": "SampleMTEB(v2)", "cais/hle": f"{HUB_BOARD}#algebra"},
)
REAL = Pages(
    boards=("MTEB(Multilingual, v2)", "MTEB(eng, v2)", "RTEB(beta)", "MTEB(Europe, v1)", "MTEB(Medical, v1)", "BEIR"),
    models=(
        "Qwen/Qwen3-Embedding-8B",
        "microsoft/harrier-oss-v1-27b",
        "google/gemini-embedding-001",
        "intfloat/multilingual-e5-large",
    ),
    easi_model="SenseNova-SI-1.2-InternVL3-8B",
    task="ArguAna",
    stand_ins={"cais/hle": f"{HUB_BOARD}#algebra"},
)
