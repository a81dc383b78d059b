"""How the database came to its present form, one numbered step per file; run by Alembic."""
