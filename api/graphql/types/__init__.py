"""The object types of the schema."""
