"""People as the Hub describes them."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.hub import Unreachable
from warehouse.ledger.records import Person

ID = re.compile(r"[A-Za-z0-9]{1,64}")
NAME = re.compile(r"[A-Za-z0-9._-]{1,96}")
PICTURE = re.compile(r"(https://|/(?!/))[!-~]{0,2000}")
MOST_ORGANIZATIONS = 1_000


def person_of(whoami: Mapping[str, Any], hub_url: str) -> Person | None:
    """The person that `whoami-v2` describes; null: it is an organization or an application. Raises Unreachable."""
    kind = whoami.get("type")
    if not isinstance(kind, str):
        raise Unreachable("the Hub's answer does not say who it is")
    if kind != "user":
        return None
    organizations = _names(whoami.get("orgs"), "name")
    return _person(whoami.get("id"), whoami.get("name"), whoami.get("avatarUrl"), organizations, hub_url)


def person_of_userinfo(userinfo: Mapping[str, Any], hub_url: str) -> Person:
    """The person that `/oauth/userinfo` describes. Raises Unreachable.

    An organization is known by its `preferred_username`; its `name` is whatever it likes to be called.
    """
    name, picture = userinfo.get("preferred_username"), userinfo.get("picture")
    return _person(userinfo.get("sub"), name, picture, _names(userinfo.get("orgs"), "preferred_username"), hub_url)


def expiry_of(whoami: Mapping[str, Any]) -> float | None:
    """When the token ends, in seconds since 1970; null: it is not said."""
    auth = whoami.get("auth")
    told = auth.get("expiresAt") if isinstance(auth, dict) else None
    try:
        moment = datetime.fromisoformat(told) if isinstance(told, str) else None
        return moment.timestamp() if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _person(id: Any, name: Any, picture: Any, organizations: tuple[str, ...], hub_url: str) -> Person:  # noqa: A002 - its name
    if not (isinstance(id, str) and ID.fullmatch(id) and isinstance(name, str) and NAME.fullmatch(name)):
        raise Unreachable("the Hub's answer does not say who it is")
    return Person(id, name, _picture(picture, hub_url), organizations)


def _picture(given: Any, hub_url: str) -> str | None:
    if not isinstance(given, str) or not PICTURE.fullmatch(given):
        return None
    return hub_url + given if given.startswith("/") else given


def _names(given: Any, key: str) -> tuple[str, ...]:
    """Names of organizations, of which those that are not names are left out."""
    rows = given[:MOST_ORGANIZATIONS] if isinstance(given, list) else []
    found = [row.get(key) for row in rows if isinstance(row, dict)]
    return tuple(name for name in found if isinstance(name, str) and NAME.fullmatch(name))
