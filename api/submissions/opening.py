"""The service as an operator has set it up."""

from dataclasses import dataclass

from pydantic import SecretStr

from api.accounts.callers import Accounts
from api.settings import Settings
from api.submissions.blobs import Blobs
from api.submissions.evidence import EvidenceStore
from api.submissions.models import ModelChecks
from api.submissions.push import Pusher
from api.submissions.service import Submissions
from warehouse.easi.facts import Facts
from warehouse.ledger.ledger import Ledger
from warehouse.ledger.places import ledger_url


@dataclass(frozen=True)
class Desk:
    """All that submissions need while a server runs."""

    ledger: Ledger
    accounts: Accounts
    models: ModelChecks
    evidence: EvidenceStore
    blobs: Blobs
    pusher: Pusher | None
    service: Submissions

    def sweep(self) -> None:
        """Remove what an earlier process has left half-way, and what has expired."""
        self.ledger.sweep()
        self.evidence.sweep(self.ledger.submissions.holds_evidence)
        self.blobs.sweep()

    async def close(self) -> None:
        """End what is being asked of the Hub, and close the ledger."""
        await self.accounts.close()
        await self.models.close()
        self.ledger.close()


def open_desk(settings: Settings, facts: Facts) -> Desk:
    """Open the ledger and the evidence. Raises `LedgerError` where there can be no ledger."""
    ledger = Ledger(ledger_url(settings.data_dir, _secret(settings.ledger_url)))
    accounts, models = Accounts(settings, ledger), ModelChecks(settings.hub_url)
    evidence = EvidenceStore(settings.data_dir / "evidence")
    token = _secret(settings.hub_token)
    pusher = None
    if settings.requests_repo and token:
        pusher = Pusher(ledger, evidence, settings.requests_repo, settings.hub_url, token)
    is_configured = pusher is not None or not settings.requests_repo
    service = Submissions(ledger, evidence, accounts, models, facts, pusher, is_configured=is_configured)
    blobs = Blobs(settings.data_dir / "evidence" / "ahead")
    return Desk(ledger, accounts, models, evidence, blobs, pusher, service)


def _secret(value: SecretStr | None) -> str | None:
    return value.get_secret_value() if value else None
