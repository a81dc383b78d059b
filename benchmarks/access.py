"""How fast the nearest facility of every node of a 100,000-node network is found; the limit is 150 ms.

Run ``python benchmarks/access.py [--side 316] [--facilities 332] [--homes 20000]``. The network is a made-up grid
of streets, a quarter of its edges taken out; it prints the fastest and the median of nine, without building the
network. Then it joins homes to the edges, and finds the nearest facility of every home, once.
"""

import argparse
import statistics
import time

import numpy as np

from morgen.models.access import build_network, nearest

LIMIT = 0.150
KEPT = 0.75


def main() -> None:
    """Print the seconds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--side", type=int, default=316)
    parser.add_argument("--facilities", type=int, default=332)
    parser.add_argument("--homes", type=int, default=20_000)
    asked = parser.parse_args()
    random = np.random.default_rng(1)
    rank = np.arange(asked.side**2).reshape(asked.side, -1)
    points = np.stack(np.divmod(rank.ravel(), asked.side), axis=1) * 60.0 + random.uniform(-20, 20, (rank.size, 2))
    start = np.concatenate([rank[:, :-1].ravel(), rank[:-1].ravel()])
    end = np.concatenate([rank[:, 1:].ravel(), rank[1:].ravel()])
    keep = random.random(len(start)) < KEPT
    start, end = start[keep], end[keep]
    network = build_network(points, start, end, np.hypot(*(points[start] - points[end]).T))
    facilities = random.choice(rank.size, asked.facilities, replace=False)
    for limit in (1_500.0, np.inf):
        seconds, own = [], []
        for _ in range(9):
            begin, used = time.perf_counter(), time.process_time()
            nearest(network, facilities, limit=limit)
            seconds.append(time.perf_counter() - begin)
            own.append(time.process_time() - used)
        print(
            f"{rank.size} nodes, {len(start)} edges, limit {limit} m: fastest {min(seconds) * 1e3:.0f} ms, "
            f"median {statistics.median(seconds) * 1e3:.0f} ms (limit {LIMIT * 1e3:.0f} ms); of the processor"
            f" {min(own) * 1e3:.0f} and {statistics.median(own) * 1e3:.0f} ms"
        )
    homes = random.uniform(points.min(axis=0), points.max(axis=0), (asked.homes, 2))
    begin = time.perf_counter()
    placed = network.place(np.concatenate([homes, points[facilities]]))
    joined = time.perf_counter()
    nearest(placed, placed.node[asked.homes :], limit=1_500.0)
    done = time.perf_counter()
    print(
        f"{asked.homes} homes joined to the nearest edge in {joined - begin:.2f} s, {len(placed.missed)} too far;"
        f" nearest facility of each, over a graph of {placed.graph.shape[0]} nodes, in {done - joined:.2f} s"
    )


if __name__ == "__main__":
    main()
