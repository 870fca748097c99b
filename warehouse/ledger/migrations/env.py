"""What Alembic runs: the steps that are missing, on the connection it is given."""

from alembic import context

from warehouse.ledger.tables import SCHEMA_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=SCHEMA_TABLE,
)
context.run_migrations()
