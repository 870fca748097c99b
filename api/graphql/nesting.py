"""A validation rule that bounds how deep an operation nests and how many aliases it has, reading each fragment once."""

from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValidationContext,
    ValidationRule,
)

DEEPEST = 20
MOST_ALIASES = 60
LONGEST_CHAIN = 60


@dataclass(frozen=True)
class Size:
    """What a selection is once its fragments are put in: levels of fields, aliases, fragments within one another."""

    depth: int = 0
    aliases: int = 0
    chain: int = 0


class BoundsRule(ValidationRule):
    """Refuses operations that are too large in one of these ways.

    Introspection has no depth. Fragments that do not exist or spread themselves are refused by GraphQL's own rules.
    """

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._fragments: dict[str, Size] = {}

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        """Report what is too large about an operation."""
        size = self._within(node.selection_set)
        for what, found, most in (
            ("levels of fields", size.depth, DEEPEST),
            ("aliases", size.aliases, MOST_ALIASES),
            ("fragments within one another", size.chain, LONGEST_CHAIN),
        ):
            if found > most:
                self.report_error(
                    GraphQLError(f"the operation has more than {most} {what}: ask for less at once", [node])
                )

    def _within(self, selections: SelectionSetNode | None, chain: int = 0) -> Size:
        sizes = [self._size(each, chain) for each in selections.selections] if selections else []
        return Size(
            max((size.depth for size in sizes), default=0),
            sum(size.aliases for size in sizes),
            max((size.chain for size in sizes), default=0),
        )

    def _size(self, node: SelectionNode, chain: int) -> Size:
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value, chain + 1)
        below = self._within(getattr(node, "selection_set", None), chain)
        if not isinstance(node, FieldNode):
            return below
        depth = 0 if node.name.value.startswith("__") else 1 + below.depth
        return Size(depth, below.aliases + (node.alias is not None), below.chain)

    def _fragment(self, name: str, chain: int) -> Size:
        if name not in self._fragments:
            self._fragments[name] = Size()  # while it is being read: it may spread itself
            fragment = self.context.get_fragment(name) if chain <= LONGEST_CHAIN else None
            below = self._within(fragment.selection_set, chain) if fragment else Size()
            self._fragments[name] = Size(below.depth, below.aliases, below.chain + 1)
        return self._fragments[name]
