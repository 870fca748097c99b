"""The `standings` command: the one place that knows api, etl and warehouse."""

from importlib import import_module

import click

COMMANDS = {
    "build": "build",
    "refresh": "refresh",
    "serve": "serve",
    "demo": "serve",
    "sql": "sql",
    "shell": "shell",
    "export": "export",
    "snapshots": "snapshots",
    "rollback": "snapshots",
    "doctor": "doctor",
    "schema": "schema",
    "catalog": "write",
    "collect": "collect",
    "submit": "submit",
}


class Commands(click.Group):
    """Subcommands, each imported when it is used: a build need not wait for the server's libraries."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, in the order in which one meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name; null: there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"api.commands.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="standings")
def main() -> None:
    """Leaderboards of AI evaluations in one DuckDB store, served over GraphQL.

    \b
    Begin with the sample:        standings demo
    Load sources, then serve:     standings build --easi DIR && standings serve
    Ask by SQL:                   standings sql "from leaderboard('EASI-8')"
    Send results:                 standings collect DIR ..., then standings submit PAYLOAD ZIP
    """
