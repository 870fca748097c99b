"""Options that say which model was evaluated and how: `collect` writes it down, `submit` adds what is missing."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

FIELDS = {
    "model_name": "modelName",
    "model_type": "modelType",
    "precision": "precision",
    "revision": "revision",
    "weight_type": "weightType",
    "base_model": "baseModel",
    "backend": "backend",
    "remarks": "remarks",
}


def described(command: F) -> F:
    """Give a command the options of the model and its evaluation."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def given(options: Mapping[str, str | None]) -> dict[str, str]:
    """The options that were given, by the names of EASI's fields."""
    return {FIELDS[name]: value for name, value in options.items() if value is not None}


def _option(name: str, variable: str, text: str, choices: tuple[str, ...] = ()) -> Callable[[F], F]:
    kind: click.ParamType[Any] = click.Choice(choices, case_sensitive=False) if choices else click.STRING
    return click.option(name, envvar=f"STANDINGS_{variable}", show_envvar=True, type=kind, help=text)


_OPTIONS = (
    _option("--model-type", "MODEL_TYPE", "Kind of model.", ("pretrained", "finetuned", "instruction", "rl")),
    _option("--precision", "PRECISION", "Type of its numbers.", ("bfloat16", "float16", "float32", "int8")),
    _option("--revision", "REVISION", "Branch, tag or commit of the model on the Hub."),
    _option("--weight-type", "WEIGHT_TYPE", "Whether its weights stand alone.", ("Original", "Delta", "Adapter")),
    _option("--base-model", "BASE_MODEL", "Model that delta or adapter weights belong to, like org/name."),
    _option("--remarks", "REMARKS", "What reviewers should know."),
)
