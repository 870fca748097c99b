"""Which board of the Hub each column repeats."""

from collections.abc import Mapping
from types import MappingProxyType

# From the datasets' own pages, and one number seen equal in both (76.4 for Qwen/Qwen3.5-397B-A17B on
# SWE-bench_Verified). That swePro and terminalBench repeat these two boards is likely, not certain.
BOARDS: Mapping[str, str] = MappingProxyType(
    {
        "aime2026": "MathArena/aime_2026",
        "evasionBench": "FutureMa/EvasionBench",
        "gpqa": "Idavidrein/gpqa",
        "gsm8k": "openai/gsm8k",
        "hle": "cais/hle",
        "hmmt2026": "MathArena/hmmt_feb_2026",
        "mmluPro": "TIGER-Lab/MMLU-Pro",
        "olmOcr": "allenai/olmOCR-bench",
        "sweVerified": "SWE-bench/SWE-bench_Verified",
        "swePro": "ScaleAI/SWE-bench_Pro",
        "terminalBench": "harborframework/terminal-bench-2.0",
    }
)


def board_of(key: str) -> str:
    """Name of the board and of its task: the Hub's where the column repeats one, else the column's own key."""
    return BOARDS.get(key, key)
