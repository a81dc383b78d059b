"""How fast sites are found, beside spopt on the same instance with the same objective.

Run ``python benchmarks/siting.py FOLDER [--spopt-python PATH]``; FOLDER holds the OR-Library files pmed*.txt.
``PATH`` is the Python of an environment with spopt and its default solver. Both get the same distances and time
their own call, building the model included, reading left out; the two alternate, and the median of three counts.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from scipy.sparse.csgraph import shortest_path

from morgen.models.siting import locate
from morgen.models.siting.problem import Objective

PEER = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np, pulp
from spopt.locate import PMedian, PCenter, MCLP, LSCP
data = np.load(sys.argv[1]); d = data["distance"]; k = int(data["k"]); radius = float(data["radius"])
w = np.ones(len(d)); solver = pulp.PULP_CBC_CMD(msg=False, timeLimit=float(sys.argv[3]))
begin = time.perf_counter()
kind = sys.argv[2]
if kind == "median": m = PMedian.from_cost_matrix(d, w, p_facilities=k)
elif kind == "center": m = PCenter.from_cost_matrix(d, p_facilities=k)
elif kind == "cover": m = MCLP.from_cost_matrix(d, w, service_radius=radius, p_facilities=k)
else: m = LSCP.from_cost_matrix(d, service_radius=radius)
m = m.solve(solver)
seconds = time.perf_counter() - begin
print(json.dumps([seconds, pulp.value(m.problem.objective), pulp.LpStatus[m.problem.status]]))
"""
PATIENCE = 60
"""Seconds that the peer gets for one instance."""


def main() -> None:
    """Print seconds, objectives and the ratio per instance."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--spopt-python", type=Path)
    parser.add_argument("--names", nargs="*", default=["pmed1", "pmed3", "pmed4", "pmed6", "pmed11"])
    parser.add_argument("--kinds", nargs="*", default=["median", "center", "cover", "set_cover"])
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    for name in asked.names:
        distance, k = read(asked.folder / f"{name}.txt")
        radius = float(np.quantile(distance, 0.1))
        for kind in asked.kinds:
            compare(name, distance, k, radius, kind, asked)


def read(path: Path) -> tuple[np.ndarray, int]:
    """Return the distances and p of an OR-Library file; of edges given twice the last counts."""
    words = path.read_text().split()
    nodes, _, k = (int(word) for word in words[:3])
    cost = np.zeros((nodes, nodes))
    for start, end, length in np.array(words[3:], dtype=float).reshape(-1, 3):
        cost[int(start) - 1, int(end) - 1] = cost[int(end) - 1, int(start) - 1] = length
    return shortest_path(cost, directed=False), k


def compare(
    name: str, distance: np.ndarray, k: int, radius: float, kind: Objective, asked: argparse.Namespace
) -> None:
    """Print one line."""
    ours: list[float] = []
    theirs: list[list[object]] = []
    for _ in range(asked.rounds):
        begin = time.perf_counter()
        reach = radius if "cover" in kind else None
        answer = locate(distance, k=None if kind == "set_cover" else k, objective=kind, radius=reach)
        ours.append(time.perf_counter() - begin)
        if asked.spopt_python:
            theirs.append(peer(asked.spopt_python, distance, k, radius, kind))
    line = f"{name:8}{kind:10} morgen {statistics.median(ours):7.3f} s {answer.objective:10.3f}"
    if theirs:
        seconds = statistics.median(float(str(each[0])) for each in theirs)
        line += (
            f"  spopt {seconds:7.3f} s {theirs[0][1]} {theirs[0][2]}  {seconds / statistics.median(ours):6.1f} x"
        )
    print(line, flush=True)


def peer(python: Path, distance: np.ndarray, k: int, radius: float, kind: str) -> list[object]:
    """Return seconds, objective and status of spopt."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.npz"
        np.savez(path, distance=distance, k=k, radius=radius)
        command = [str(python), "-c", PEER, str(path), kind, str(PATIENCE)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    found: list[object] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main()
