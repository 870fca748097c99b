"""Where in an answer a selection is read, and lengths that hang on it and on arguments."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from graphql.pyutils import Undefined

from api.graphql.connections import DEFAULT_FIRST, MOST_FIRST
from api.graphql.cost.sizes import Among, Sizes

Given = Mapping[str, Any]


class Scope(NamedTuple):
    """Where in an answer a selection is read.

    `subject` is what its objects are or are about, `many` how long the page is that it is on, `width` how many columns
    a table has, and `stored` says whether the store holds the board's ranking ready.
    """

    subject: Among | None = None
    many: float = 1
    width: float = 0
    stored: bool = True


class Place(NamedTuple):
    """A field with its arguments (those that are given and not null), in its scope; `length` is that of its list."""

    scope: Scope
    given: Given
    sizes: Sizes
    length: float = 1

    @property
    def subject(self) -> Among | None:
        return self.scope.subject

    @property
    def name(self) -> str | None:
        """The one name of the subject."""
        return self.scope.subject.name if self.scope.subject else None

    def mean(self, part: str) -> float:
        """Mean length of the subject's lists of that name."""
        return self.scope.subject.mean(part) if self.scope.subject else 0

    def names(self) -> list[str] | None:
        """The names that the argument `where` allows; null: any."""
        where = _told(self.given, "where")
        name = _told(where, "name")
        eq, among = _told(name, "eq"), _told(name, "in")
        if eq is None:
            return None if among is None else texts(among)
        return texts(eq)


Size = Callable[[Place], float]


def texts(given: Any) -> list[str]:
    """The texts in an argument that is a list of them; one may stand without its list."""
    return list(
        dict.fromkeys(each for each in (given if isinstance(given, list) else [given]) if isinstance(each, str))
    )


def of(part: str) -> Size:
    """The subject's list of that name."""
    return lambda at: at.mean(part)


def each_of(total: str, lists: str) -> Size:
    """Of what the subject has in total the part that each element of a list has: the two multiply to the total."""
    return lambda at: at.mean(total) / max(1, at.mean(lists))


def fixed(size: float) -> Size:
    """As many, whatever is asked of what."""
    return lambda at: size


def paged(size: Size, default: int | None = DEFAULT_FIRST) -> Size:
    """A page of a list, by the arguments `first` and `last`; without them the default, null: all of it."""

    def read(at: Place) -> float:
        asked = at.given.get("first", at.given.get("last", default))
        return min(_limit(asked), size(at))

    return read


def _told(given: Any, name: str) -> Any:
    """What an object holds of that name; null: nothing, or a variable that is not given."""
    value = given.get(name) if isinstance(given, Mapping) else None
    return None if value is Undefined else value


def _limit(asked: Any) -> float:
    return max(0, min(asked, MOST_FIRST)) if isinstance(asked, int | float) else float("inf")
