"""The sample: a fictitious Dutch wijk, planned from a seed and written in exactly the national file formats."""

from morgen.sources.sample.frame import ATTRIBUTION
from morgen.sources.sample.neighbourhood import write_sample
from morgen.sources.sample.plan import plan_wijk

__all__ = ["ATTRIBUTION", "plan_wijk", "write_sample"]
