"""The `standings` command: the one place that knows api, etl and warehouse."""

import click

from api.commands.build import build
from api.commands.read import rollback, schema, snapshots, sql
from api.commands.serve import demo, serve
from api.commands.write import catalog


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="standings")
def main() -> None:
    """Leaderboards of AI evaluations in one DuckDB store, served over GraphQL.

    \b
    Begin with the sample:        standings demo
    Load sources, then serve:     standings build --easi DIR && standings serve
    Ask by SQL:                   standings sql "from leaderboard('EASI-8')"
    """


for command in (build, serve, demo, sql, snapshots, rollback, schema, catalog):
    main.add_command(command)
