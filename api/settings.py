"""What an operator sets: the only reader of the environment beside the command's own options."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Settings, each from the environment variable `STANDINGS_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="STANDINGS_", extra="ignore")

    data_dir: Path = Field(default=Path("data"), description="Where the snapshots are.")
    hub_url: str = Field(default="https://huggingface.co", description="The Hugging Face Hub.")
    hub_token: SecretStr | None = Field(default=None, description="Token for gated boards and private datasets.")
    query_seconds: float = Field(default=20.0, gt=0, le=600, description="How long one statement may run.")
    query_memory: str = Field(
        default="2GB", description="Memory that statements may take together, for each open snapshot."
    )
    query_threads: int = Field(default=2, ge=1, le=64, description="How many statements run at once.")
    refresh_seconds: float = Field(default=1.0, gt=0, le=3600, description="How often a new snapshot is looked for.")
