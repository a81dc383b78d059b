"""The published instances with known optima."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from scipy.sparse.csgraph import shortest_path

Floats = npt.NDArray[np.float64]


@pytest.fixture(scope="session")
def median_instance(shared_data: Path) -> Callable[[str], tuple[Floats, int]]:
    """Return distances and p of an OR-Library p-median; of edges given twice the last one counts."""

    def read(name: str) -> tuple[Floats, int]:
        words = (shared_data / "fit" / f"{name}.txt").read_text().split()
        nodes, _, sites = (int(word) for word in words[:3])
        edges = np.array(words[3:], dtype=float).reshape(-1, 3)
        cost = np.zeros((nodes, nodes))
        for start, end, length in edges:
            cost[int(start) - 1, int(end) - 1] = cost[int(end) - 1, int(start) - 1] = length
        return shortest_path(cost, directed=False), sites

    return read


@pytest.fixture(scope="session")
def capacity_instance(shared_data: Path) -> Callable[[str], dict[str, Floats]]:
    """Return cost of serving all of a client (n_client, n_site), demand, capacity and fixed cost of OR-Library."""

    def read(name: str) -> dict[str, Floats]:
        words = (shared_data / "fit" / f"{name}.txt").read_text().split()
        sites, clients = int(words[0]), int(words[1])
        numbers = np.array(words[2:], dtype=float)
        capacity, fixed = numbers[: 2 * sites].reshape(sites, 2).T
        table = numbers[2 * sites :].reshape(clients, sites + 1)
        return {"cost": table[:, 1:], "demand": table[:, 0], "capacity": capacity, "fixed_cost": fixed}

    return read


@pytest.fixture(scope="session")
def san_francisco(shared_data: Path) -> dict[str, Any]:
    """Return metres (205 tracts, 16 stores) over the streets and the people of each tract."""
    folder = shared_data / "fit"
    pairs = pd.read_csv(folder / "SF_network_distance_candidateStore_16_censusTract_205_new.csv")
    tracts = pd.read_csv(folder / "SF_demand_205_centroid_uniform_weight.csv").set_index("NAME")
    table = pairs.pivot_table(index="DestinationName", columns="name", values="distance", sort=True)
    people = tracts.loc[table.index, "POP2000"].to_numpy(float)
    return {"distance": table.to_numpy(), "weight": people}
