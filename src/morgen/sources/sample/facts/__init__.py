"""Facts about the wijk that are not its geometry: people, facilities, pipes, water levels, rain and streets."""

from morgen.sources.sample.facts.write_facts import write_facts

__all__ = ["write_facts"]
