"""Entry of Alembic: the connection comes from ``morgen.services.database``, which also holds the transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], target_metadata=None)
context.run_migrations()
