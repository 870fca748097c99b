"""`standings schema`: print the GraphQL schema."""

import click

from api.graphql.schema import build_schema


@click.command()
def schema() -> None:
    """Print the GraphQL schema in its definition language."""
    click.echo(build_schema().as_str())
