"""How others prove theirs: public fakes and the conformance kits."""

from morgen.testing.conformance import check_model
from morgen.testing.fake_run import FakeRun, FakeSeries, WrittenRaster
from morgen.testing.situations import building, ground, situation

__all__ = ["FakeRun", "FakeSeries", "WrittenRaster", "building", "check_model", "ground", "situation"]
