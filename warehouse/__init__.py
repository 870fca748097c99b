"""The store: canonical tables, SQL, snapshots. It knows no source, no HTTP and no environment."""
