"""What a benchmark dataset declares in its `eval.yaml`."""

import re
from dataclasses import dataclass
from typing import Any

import yaml

MAX_BYTES = 256 * 2**10
MAX_DEPTH = 20
MAX_EVENTS = 50_000
MAX_TASKS = 100
MAX_NAME = 200
MAX_TEXT = 10_000
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class DeclarationError(Exception):
    """An `eval.yaml` that cannot be used; the message says what is wrong with it."""


@dataclass(frozen=True)
class Task:
    """One task of a benchmark dataset, and the split it is evaluated on."""

    id: str
    split: str


@dataclass(frozen=True)
class Declaration:
    """The tasks of a benchmark dataset in their order, the first being its default."""

    name: str | None
    description: str | None
    tasks: tuple[Task, ...]


def read_declaration(text: bytes) -> Declaration:
    """Read an `eval.yaml`; keys that are not known are let be. Raises DeclarationError that says what is wrong."""
    held = load(text)
    if not isinstance(held, dict):
        raise DeclarationError("is not a mapping")
    tasks = held.get("tasks")
    if not isinstance(tasks, list) or not tasks:
        raise DeclarationError("declares no tasks")
    if len(tasks) > MAX_TASKS:
        raise DeclarationError(f"declares more than {MAX_TASKS} tasks")
    read = tuple(_task(task) for task in tasks)
    if len({task.id for task in read}) < len(read):
        raise DeclarationError("declares a task twice")
    return Declaration(phrase(held.get("name"), MAX_NAME), phrase(held.get("description"), MAX_TEXT), read)


def load(text: bytes) -> Any:
    """Plain YAML without references, within bounds of size and depth. Raises DeclarationError."""
    if len(text) > MAX_BYTES:
        raise DeclarationError(f"has more than {MAX_BYTES:,} bytes")
    try:
        _check(text)
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, ArithmeticError, RecursionError) as error:
        raise DeclarationError(f"is not YAML that can be read ({type(error).__name__})") from None


def phrase(said: object, limit: int) -> str | None:
    """A text without blanks around it; None for anything else, and for one that is too long."""
    text = said.strip() if isinstance(said, str) else ""
    return text if 0 < len(text) <= limit else None


def _check(text: bytes) -> None:
    """Refuse references before anything is built: merged ones grow beyond all bounds."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=yaml.SafeLoader)):
        if isinstance(event, yaml.AliasEvent):
            raise DeclarationError("uses references, which are not read")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH or count > MAX_EVENTS:
            raise DeclarationError("is nested too deeply or holds too much")


def _task(declared: object) -> Task:
    said = declared if isinstance(declared, dict) else {}
    name = said.get("id")
    task = phrase(str(name) if isinstance(name, int) and not isinstance(name, bool) else name, MAX_NAME)
    if task is None or CONTROL.search(task):
        raise DeclarationError("has a task without a usable id")
    split = phrase(said.get("split"), MAX_NAME)
    return Task(task, split if split and not CONTROL.search(split) else "test")
