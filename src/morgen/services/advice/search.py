"""Choosing a package of candidates under a budget, when every package has to be computed to know what it does.

Packages of measures help each other and take each other's water, so what a package does is no sum of its
parts, and one evaluation is a run of a model. The search is the greedy of Leskovec et al. (2007), "Cost-effective
outbreak detection in networks" (CELF): once by gain per euro and once by gain, each as lazy as old gains allow,
and the better of the two; for gains that only shrink this is at least 1 - 1/sqrt(e) = 39 % of the best, and seldom
less than 95 %. Gains of water can also grow (one wadi fills the next), so that it is followed by swaps, which
bound nothing and repair most: one or two candidates out, others in, as long as it helps.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

__all__ = ["Package", "Search"]

Package = frozenset[int]
"""Numbers of candidates."""

Evaluate = Callable[[Sequence[Package]], list[float]]
"""What each of some packages is worth; more is better. May compute them side by side."""

LEAST_GAIN = 1e-9
"""A gain that is not more than this share of the largest is none."""
SWAP_RUNS = 60
"""Evaluations for swaps, for each budget; as many as there are candidates when these are more."""
WORTH_A_SWAP = 0.005
"""Share of the worth of a package that a swap must bring."""
SWAP_PAIRS = 6
"""Pairs that are taken out together: those that are missed least."""
SWAP_INS = 6
"""Candidates that are tried in the place of what is taken out: those with the largest gain per euro so far."""
SWAP_STARTS = 3
"""Of these, how many are filled up to the budget again."""


@dataclass(eq=False)
class Search:
    """Looks for the best packages; what was evaluated once is not evaluated again, also for another budget.

    ``costs`` is the price of each candidate, euro, above 0; ``conflicts`` holds pairs that exclude each other.
    ``side_by_side`` packages are evaluated in one call where the order does not matter.
    """

    costs: Sequence[float]
    evaluate: Evaluate
    conflicts: Iterable[frozenset[int]] = ()
    side_by_side: int = 1
    worth: dict[Package, float] = field(default_factory=dict)
    """What was evaluated, and what it is worth."""

    def __post_init__(self) -> None:
        self._excludes: dict[int, set[int]] = {number: set() for number in range(len(self.costs))}
        for one, other in (sorted(pair) for pair in self.conflicts):
            self._excludes[one].add(other)
            self._excludes[other].add(one)

    def cost(self, package: Package) -> float:
        """Return the price of a package, euro."""
        return sum(self.costs[number] for number in package)

    def improve(self, budget: float, *, start: Iterable[Package] = ()) -> Iterator[Package]:
        """Yield better and better packages that cost at most ``budget``; the last is the best that was found.

        ``start`` are packages to go on from as well, such as the best of a smaller budget. Packages that are known
        from before and cost less count too. Nothing is yielded when no package is worth more than none.
        """
        best: Package = frozenset()
        singles = [frozenset({number}) for number in range(len(self.costs)) if self.costs[number] <= budget]
        self._values([best, *singles])
        nothing = best
        for package, per_euro in ((nothing, True), (nothing, False), *((package, True) for package in start)):
            found = self._best(self._greedy(package, budget, per_euro=per_euro), budget)
            if self._value(found) > self._value(best):
                best = found
                yield best
        last = len(self.worth) + max(SWAP_RUNS, len(self.costs))
        while (better := self._swapped(best, budget, last=last)) is not None:
            best = better
            yield best

    def _best(self, package: Package, budget: float) -> Package:
        known = (item for item in self.worth if self.cost(item) <= budget)
        return max(known, key=lambda item: (self.worth[item], -self.cost(item)), default=package)

    def _greedy(self, package: Package, budget: float, *, per_euro: bool, barred: Sequence[int] = ()) -> Package:
        """Add what gains most, but none of ``barred``, until nothing that can be paid gains."""

        def bid(number: int, gain: float, seen: Package) -> tuple[float, int, float, Package]:
            return -gain / (self.costs[number] if per_euro else 1.0), number, gain, seen

        empty = self._value(frozenset())
        queue = [
            bid(number, self.worth[frozenset({number})] - empty, frozenset())
            for number in self._affordable(package, budget)
            if number not in barred
        ]
        heapq.heapify(queue)
        while queue:
            stale = self._pop_stale(queue, package)
            if stale:
                self._values([package | {number} for number in stale])
                for number in stale:
                    gain = self.worth[package | {number}] - self.worth[package]
                    heapq.heappush(queue, bid(number, gain, package))
                continue
            _, number, gain, _ = heapq.heappop(queue)
            if not self._counts(gain):
                break
            package |= {number}
            free = set(self._affordable(package, budget))
            queue = [item for item in queue if item[1] in free]
            heapq.heapify(queue)
        return package

    def _pop_stale(self, queue: list[tuple[float, int, float, Package]], package: Package) -> list[int]:
        """Take the best bids from ``queue`` whose gain is that on another package, up to the first that is not."""
        stale: list[int] = []
        while queue and queue[0][3] != package and len(stale) < self.side_by_side:
            if not self._counts(queue[0][2]):
                break  # a candidate that gained nothing is not looked at again
            stale.append(heapq.heappop(queue)[1])
        return stale

    def _swapped(self, package: Package, budget: float, *, last: int) -> Package | None:
        """Return a better package with one or two candidates out and others in; None when there is none.

        Nothing more is tried when ``last`` packages were evaluated.
        """
        order = sorted(package, key=lambda number: self._loss(package, number) / self.costs[number])
        pairs = list(combinations(order, 2))[:SWAP_PAIRS]
        for outs in (*((number,) for number in order), *pairs):
            if len(self.worth) >= last:
                return None
            left = package.difference(outs)
            ins = [number for number in self._affordable(left, budget) if number not in outs]
            ins = sorted(ins, key=self._single_per_euro, reverse=True)[:SWAP_INS]
            self._values([left, *(left | {number} for number in ins)])
            tried = sorted((left | {number} for number in ins), key=self._value, reverse=True)
            for start in (left, *tried[:SWAP_STARTS]):
                better = self._greedy(start, budget, per_euro=True, barred=outs)
                if self._value(better) - self._value(package) > WORTH_A_SWAP * self._value(package):
                    return better
        return None

    def _loss(self, package: Package, number: int) -> float:
        return self._value(package) - self._value(package - {number})

    def _single_per_euro(self, number: int) -> float:
        return (self.worth[frozenset({number})] - self._value(frozenset())) / self.costs[number]

    def _affordable(self, package: Package, budget: float) -> list[int]:
        left = budget - self.cost(package)
        barred = set().union(*(self._excludes[number] for number in package)) | package
        return [number for number, cost in enumerate(self.costs) if number not in barred and cost <= left + 1e-9]

    def _counts(self, gain: float) -> bool:
        largest = max(map(abs, self.worth.values()), default=0.0)
        return gain > LEAST_GAIN * max(largest, 1.0)

    def _value(self, package: Package) -> float:
        return self._values([package])[0]

    def _values(self, packages: Sequence[Package]) -> list[float]:
        new = [package for package in dict.fromkeys(packages) if package not in self.worth]
        for start in range(0, len(new), max(self.side_by_side, 1)):
            part = new[start : start + max(self.side_by_side, 1)]
            self.worth.update(zip(part, self.evaluate(part), strict=True))
        return [self.worth[package] for package in packages]
