"""The storm on the centre of Newcastle in itzi-core, for ``flood_engine.py``; runs in an environment of its own.

``python benchmarks/itzi_newcastle.py GROUND.npy THREADS [SECONDS]`` prints the steps and the wall seconds of 600 s
(or ``SECONDS``) of 70 mm/h on cells of 2 m, with the settings that itzi has by default.
"""

import os
import sys
import time
from datetime import datetime, timedelta

os.environ["OMP_NUM_THREADS"] = sys.argv[2]

import numpy as np
from itzi_core.const import TemporalType  # type: ignore[import-not-found]
from itzi_core.data_containers import SimulationConfig, SurfaceFlowParameters  # type: ignore[import-not-found]
from itzi_core.domain_data import DomainData  # type: ignore[import-not-found]
from itzi_core.providers.memory_input import MemoryRasterInputProvider  # type: ignore[import-not-found]
from itzi_core.providers.memory_output import (  # type: ignore[import-not-found]
    MemoryRasterOutputProvider,
    MemoryVectorOutputProvider,
)
from itzi_core.simulation_builder import SimulationBuilder  # type: ignore[import-not-found]


def main() -> None:
    """Print the steps and the seconds."""
    ground = np.load(sys.argv[1]).astype(np.float32)
    rows, columns = ground.shape
    start = datetime(2000, 1, 1)  # noqa: DTZ001
    end = start + timedelta(seconds=float(sys.argv[3]) if len(sys.argv) > 3 else 600)  # noqa: PLR2004
    domain = DomainData(north=2.0 * rows, south=0, east=2.0 * columns, west=0, rows=rows, cols=columns, crs_wkt="")
    arrays = {
        "ground_elevation": ground,
        "friction": np.full(ground.shape, 0.03, np.float32),
        "rainfall_rate": np.full(ground.shape, 70.0, np.float32),
    }
    config = SimulationConfig(
        start_time=start,
        end_time=end,
        record_step=timedelta(seconds=600),
        temporal_type=TemporalType.ABSOLUTE,
        input_map_names={name: name for name in arrays},
        output_map_names={"water_depth": "water_depth"},
        surface_flow_parameters=SurfaceFlowParameters(),
    )
    provider = MemoryRasterInputProvider(
        {
            "domain_data": domain,
            "simulation_start_time": start,
            "simulation_end_time": end,
            "static_arrays": arrays,
        }
    )
    simulation = (
        SimulationBuilder(config, np.zeros(ground.shape, bool))
        .with_input_provider(provider)
        .with_raster_output_provider(MemoryRasterOutputProvider())
        .with_vector_output_provider(MemoryVectorOutputProvider())
        .build()
    )
    simulation.initialize()
    began, steps = time.perf_counter(), 0
    while simulation.sim_time < end:
        simulation.update()
        steps += 1
    print(steps, time.perf_counter() - began)


if __name__ == "__main__":
    main()
