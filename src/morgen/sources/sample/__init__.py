"""The sample: a small fictitious neighbourhood, written in exactly the national file formats."""

from morgen.sources.sample.neighbourhood import write_sample

__all__ = ["write_sample"]
