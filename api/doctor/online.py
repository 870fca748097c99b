"""What only the Hub can tell: whether it is there, and what it thinks of our token."""

import asyncio
import json
from collections.abc import Iterator

from api.doctor.finding import Finding, ok, problem
from api.hub import Hub, Unreachable, WrongHub
from api.settings import Settings

DESCRIBED = "/.well-known/openid-configuration"
WHO = "/api/whoami-v2"


def look_at_hub(settings: Settings) -> Iterator[Finding]:
    """Ask the Hub, by the token where there is one."""
    yield from asyncio.run(_ask(settings))


async def _ask(settings: Settings) -> list[Finding]:
    try:
        hub = Hub(settings.hub_url)
    except WrongHub:
        return []  # which is said where settings are looked at
    token = settings.hub_token.get_secret_value() if settings.hub_token else None
    try:
        found = [await _reach(hub)]
        if token:
            found.append(await _introduce(hub, token))
        if token and settings.requests_repo:
            found.append(await _find(hub, token, settings.requests_repo))
        return found
    except Unreachable as error:
        remedy = "look at the network; submitting answers 503 until then"
        return [problem("Hub online", f"{hub.url}: {error}", remedy)]
    finally:
        await hub.close()


async def _reach(hub: Hub) -> Finding:
    answer = await hub.ask("GET", DESCRIBED)
    if answer.status != 200 or "issuer" not in answer.json():
        return problem(
            "Hub online", f"{hub.url} does not answer as the Hub does", "set STANDINGS_HUB_URL", is_setting=True
        )
    return ok("Hub online", f"{hub.url} answers")


async def _introduce(hub: Hub, token: str) -> Finding:
    answer = await hub.ask("GET", WHO, bearer=token)
    if answer.status != 200:
        return problem("Hub token", "the Hub does not accept it", "set STANDINGS_HUB_TOKEN anew", is_setting=True)
    return ok("Hub token", f"of {json.dumps(answer.json().get('name'))[:100]}")


async def _find(hub: Hub, token: str, repository: str) -> Finding:
    answer = await hub.ask("GET", f"/api/datasets/{repository}", bearer=token)
    if answer.status != 200:
        said = f"the token does not lead to the dataset {repository} ({answer.status})"
        remedy = "make the dataset, let the token write to it, or set STANDINGS_REQUESTS_REPO"
        return problem("repository online", said, remedy, is_setting=True)
    return ok("repository online", f"{repository} is there")
