"""One flat SELECT from what is asked: conditions, order, and a page by key."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any


@dataclass(frozen=True)
class Clause:
    """A piece of SQL with the values of its `$name` parameters."""

    sql: str
    values: Mapping[str, Any] = field(default_factory=dict)


GAPS = 2  # where an order is dense, at most every other number is missed by a page that is read nearby
PARAMETER = re.compile(r"\$([a-z]\w*)")
TRUE = Clause("true")
FALSE = Clause("false")


class Names:
    """Parameter names that do not clash within one statement."""

    def __init__(self) -> None:
        self._numbers = count()

    def bind(self, template: str, value: object) -> Clause:
        """A condition on one value; `template` has `{}` where the parameter goes."""
        name = f"p{next(self._numbers)}"
        return Clause(template.format(f"${name}"), {name: value})


def every(clauses: Sequence[Clause]) -> Clause:
    """All of them; of none it is true."""
    return _join(" and ", clauses, TRUE)


def some(clauses: Sequence[Clause]) -> Clause:
    """At least one of them; of none it is false."""
    return _join(" or ", clauses, FALSE)


def known(clause: Clause) -> Clause:
    """The condition, false where it is null: so a negation of it is true there."""
    return Clause(f"coalesce({clause.sql}, false)", clause.values)


def negate(clause: Clause) -> Clause:
    return Clause(f"not ({clause.sql})", clause.values)


def union(clauses: Sequence[Clause]) -> Clause:
    """All rows of statements, column by name."""
    parts = [prefixed(clause, f"u{number}_") for number, clause in enumerate(clauses)]
    values = {name: value for part in parts for name, value in part.values.items()}
    return Clause("\nunion all by name\n".join(f"select * from ({part.sql}) as part" for part in parts), values)


def _join(word: str, clauses: Sequence[Clause], empty: Clause) -> Clause:
    if not clauses:
        return empty
    if len(clauses) == 1:
        return clauses[0]
    values = {name: value for clause in clauses for name, value in clause.values.items()}
    return Clause("(" + word.join(clause.sql for clause in clauses) + ")", values)


@dataclass(frozen=True)
class Order:
    """One sort key: an expression over the source's columns. Nulls come last both ways.

    `dense` are the first and last of whole numbers of which the source has nearly all, in ascending order.
    """

    expression: str
    descending: bool = False
    dense: tuple[int, int] | None = None

    @property
    def sql(self) -> str:
        return f"{self.expression} {'desc' if self.descending else 'asc'} nulls last"

    def reversed_sql(self) -> str:
        return f"{self.expression} {'asc' if self.descending else 'desc'} nulls first"


@dataclass(frozen=True)
class Selection:
    """Rows of a source: a table or a whole statement. The order must be total for a page to be one.

    `below` holds the statements of what may be listed under a row, by name. They are `own` where they give hardly more
    rows than all rows of the source list.
    """

    source: str
    values: Mapping[str, Any] = field(default_factory=dict)
    where: Clause = TRUE
    order: tuple[Order, ...] = ()
    below: Mapping[str, Clause] = field(default_factory=dict)
    own: bool = False

    def rows(
        self,
        columns: Sequence[str],
        *,
        after: Sequence[Any] | None = None,
        before: Sequence[Any] | None = None,
        limit: int | None = None,
        backward: bool = False,
        near: Clause = TRUE,
    ) -> Clause:
        """The statement that reads `columns`, with the sort keys as `_key0`, `_key1`, ...

        `after` and `before` are sort keys of a row; `backward` reads from the end, last row first. With one more
        condition, `near`, they come in any order, and all that there are.
        """
        keys = [f"{order.expression} as _key{number}" for number, order in enumerate(self.order)]
        names = Names()
        bounds = [self.where, *([] if near is TRUE else [near])]
        if after is not None:
            bounds.append(_beyond(names, self.order, after, forward=True))
        if before is not None:
            bounds.append(_beyond(names, self.order, before, forward=False))
        where = every([prefixed(clause, f"w{number}_") for number, clause in enumerate(bounds)])
        order = ", ".join(order.reversed_sql() if backward else order.sql for order in self.order)
        sql = f"select {', '.join([*columns, *keys]) or '1 as one'}\nfrom ({self.source}) as source\nwhere {where.sql}"
        if near is not TRUE:
            return Clause(sql, {**self.values, **where.values})
        if order:
            sql += f"\norder by {order}"
        if limit is not None:
            sql += f"\nlimit {int(limit)}"
        return Clause(sql, {**self.values, **where.values})

    def nearby(
        self, after: Sequence[Any] | None, before: Sequence[Any] | None, limit: int, *, backward: bool
    ) -> Clause:
        """Conditions that leave about as many rows as a page has, where the order is dense; true where that is unknown.

        A page that they make too short must be read without them.
        """
        dense = self.order[0].dense if self.where is TRUE and len(self.order) == 1 else None
        if dense is None:
            return TRUE
        first, last = (end if bound is None else bound[0] for bound, end in zip((after, before), dense, strict=True))
        reach = GAPS * (limit + 1)
        if not isinstance(first, int) or not isinstance(last, int) or last - first <= reach:
            return TRUE
        sign, bound = (">=", last - reach) if backward else ("<=", first + reach)
        return Clause(f"{self.order[0].expression} {sign} $nearby", {"nearby": bound})

    def count(self) -> Clause:
        """The statement that counts all rows, whatever the page."""
        return Clause(
            f"select count(*) as rows from ({self.source}) as source where {self.where.sql}",
            {**self.values, **self.where.values},
        )


def prefixed(clause: Clause, prefix: str) -> Clause:
    """The clause with a prefix before the names of its parameters."""
    sql = PARAMETER.sub(rf"${prefix}\1", clause.sql)
    return Clause(sql, {prefix + name: value for name, value in clause.values.items()})


def _beyond(names: Names, order: Sequence[Order], key: Sequence[Any], *, forward: bool) -> Clause:
    """Rows that come after (or before) the row with this key, nulls being last in either direction."""
    options = []
    for place, (column, value) in enumerate(zip(order, key, strict=True)):
        same = [
            _equal(names, earlier.expression, known) for earlier, known in zip(order[:place], key[:place], strict=True)
        ]
        options.append(every([*same, _past(names, column, value, forward=forward)]))
    return some(options)


def _equal(names: Names, expression: str, value: object) -> Clause:
    return Clause(f"{expression} is null") if value is None else names.bind(f"{expression} = {{}}", value)


def _past(names: Names, order: Order, value: object, *, forward: bool) -> Clause:
    if value is None:
        return FALSE if forward else Clause(f"{order.expression} is not null")
    sign = ">" if forward != order.descending else "<"
    beyond = names.bind(f"{order.expression} {sign} {{}}", value)
    return some([beyond, Clause(f"{order.expression} is null")]) if forward else beyond
