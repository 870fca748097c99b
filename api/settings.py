"""What an operator sets: the only reader of the environment beside the command's own options."""

import os
from pathlib import Path

from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

MOST_THREADS = 64
MOST_PROCESSES = 4


class Settings(BaseSettings):
    """Settings, each from the environment variable `STANDINGS_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="STANDINGS_", extra="ignore", populate_by_name=True)

    data_dir: Path = Field(default=Path("data"), description="Where the snapshots are.")
    hub_url: str = Field(default="https://huggingface.co", description="The Hugging Face Hub.")
    hub_token: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("STANDINGS_HUB_TOKEN", "HF_UPLOAD_TOKEN"),
        description="Token for gated boards, private datasets and the repository of submissions.",
    )
    requests_repo: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}/[A-Za-z0-9_][A-Za-z0-9_.-]{0,95}$",
        validation_alias=AliasChoices("STANDINGS_REQUESTS_REPO", "HF_REQUESTS_REPO"),
        description="Dataset on the Hub that submissions are pushed to; none: they are kept here alone.",
    )
    oauth_client_id: str | None = Field(
        default=None,
        validation_alias=AliasChoices("STANDINGS_OAUTH_CLIENT_ID", "HF_CLIENT_ID"),
        description="Id of the OAuth application by which people sign in; none: nobody can by a browser.",
    )
    oauth_client_secret: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("STANDINGS_OAUTH_CLIENT_SECRET", "HF_CLIENT_SECRET"),
        description="Its secret; none: a public application.",
    )
    oauth_redirect_uri: str | None = Field(
        default=None,
        validation_alias=AliasChoices("STANDINGS_OAUTH_REDIRECT_URI", "HF_REDIRECT_URI"),
        description="Where the Hub sends people back to; none: /api/auth/callback of the address asked.",
    )
    oauth_login_codes: bool = Field(
        default=False, description="Whether a sign-in ends with a one-time code in the address, for older front ends."
    )
    maintainers: str = Field(
        default="", description="Who reviews: Hub ids of people, or `org:name`, with commas between them."
    )
    ledger_url: SecretStr | None = Field(
        default=None, description="Database of the ledger; none: SQLite in the data directory."
    )
    query_seconds: float = Field(default=20.0, gt=0, le=600, description="How long one statement may run.")
    query_memory: str = Field(
        default="2GB", description="Memory that statements may take together, for each open snapshot."
    )
    query_threads: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, MOST_THREADS),
        ge=1,
        le=MOST_THREADS,
        description="How many statements run at once; as many as there are cores.",
    )
    query_queue: int = Field(default=256, ge=0, le=100_000, description="How many statements may wait for their turn.")
    sql: bool = Field(default=True, description="Whether `/sql` is there.")
    sql_processes: int = Field(
        default_factory=lambda: max(1, min((os.cpu_count() or 1) // 2, MOST_PROCESSES)),
        ge=1,
        le=MOST_THREADS,
        description="How many statements of `/sql` run at once, each in a process; half as many as there are cores.",
    )
    sql_queue: int = Field(default=32, ge=0, le=100_000, description="How many of them may wait for their turn.")
    sql_seconds: float = Field(default=20.0, gt=0, le=600, description="How long one of them may take.")
    sql_memory_mb: int = Field(default=512, ge=64, le=1_000_000, description="Memory that one of them may take, in MB.")
    sql_rows: int = Field(default=1_000_000, ge=1, le=1_000_000_000, description="How many rows its answer may have.")
    sql_answer_mb: int = Field(default=100, ge=1, le=10_000, description="How large its answer may be, in MB.")
    cache_mb: int = Field(
        default=256, ge=0, le=1_000_000, description="Memory for answers and parts of them, in MB; 0 keeps none."
    )
    most_cost: int = Field(default=2_000_000, ge=1, description="What one GraphQL request may cost, about in values.")
    max_age: int = Field(
        default=60, ge=0, le=31_536_000, description="How many seconds an answer to a GET may be kept by others."
    )
    cors_origins: str = Field(
        default="*", description="Origins whose pages may ask, with commas between them; empty: none but its own."
    )
    trusted_documents: Path | None = Field(
        default=None, description="File of the only GraphQL documents that are answered; none: all are."
    )
    metrics: bool = Field(default=True, description="Whether `/metrics` is there, and anything counted for it.")
    slow_seconds: float = Field(
        default=1.0, ge=0, le=3600, description="From how long on a request or a statement is noted in the log."
    )
    look_seconds: float = Field(default=1.0, gt=0, le=3600, description="How often a new snapshot is looked for.")


class ToolSettings(BaseSettings):
    """What the documents of OpenTelemetry and of Prometheus' client name; they read the rest by themselves."""

    model_config = SettingsConfigDict(extra="ignore")

    otel_sdk_disabled: bool = False
    otel_service_name: str = "standings"
    otel_traces_exporter: str = ""
    otel_exporter_otlp_endpoint: str = ""
    otel_exporter_otlp_traces_endpoint: str = ""
    prometheus_multiproc_dir: Path | None = None

    @property
    def wants_traces(self) -> bool:
        """Whether requests are traced: somewhere to send spans to is named."""
        if self.otel_sdk_disabled or self.otel_traces_exporter == "none":
            return False
        return bool(
            self.otel_traces_exporter or self.otel_exporter_otlp_endpoint or self.otel_exporter_otlp_traces_endpoint
        )
