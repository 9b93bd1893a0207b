"""The bounded regions of the acts on an edition, and which of them hold a piece of land.

Pure. Land that every region either holds or leaves out has one history, that of the acts that reach it;
only land that some region cuts through has more than one.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from planning.publication import law
from planning.publication.cut import divide

Inside = frozenset[int]  # numbers of the regions that hold some land
Parts = list[tuple[BaseGeometry, Inside]]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Distinct bounded regions, by number."""

    regions: tuple[BaseGeometry, ...]
    numbers: dict[bytes, int]

    @classmethod
    def of(cls, acts: Iterable[law.Act]) -> "Places":
        """The regions that the acts are confined to; empty ones hold nothing."""
        found = {
            shapely.to_wkb(act.region): act.region
            for act in acts
            if act.region is not None and not act.region.is_empty
        }
        for region in found.values():
            shapely.prepare(region)
        return cls(tuple(found.values()), {key: number for number, key in enumerate(found)})

    def reaching(self, acts: Iterable[law.Act], inside: Inside, public_id: str) -> tuple[law.Act, ...]:
        """The acts that reach what is called so and lies in these regions and in no others."""
        return tuple(
            act
            for act in law.reaching(acts, public_id)
            if act.region is None or self.numbers.get(shapely.to_wkb(act.region)) in inside
        )

    def whole(self, shapes: NDArray[np.object_]) -> list[Inside | None]:
        """The regions that hold each area; None where some region cuts through it, and for lines and points.

        All shapes are asked at once, because most lie wholly in or out.
        """
        is_cut = shapely.get_dimensions(shapes) < 2
        found: list[list[int]] = [[] for _ in shapes]
        for number, region in enumerate(self.regions):
            is_in = shapely.covers(region, shapes)
            is_cut |= ~is_in & ~shapely.disjoint(region, shapes)
            for index in np.flatnonzero(is_in):
                found[index].append(number)
        return [None if cut else frozenset(held) for cut, held in zip(is_cut, found, strict=True)]

    def divided(self, shapes: NDArray[np.object_]) -> list[Parts]:
        """Each shape in parts that every region holds or leaves out."""
        return [
            self._parts(shape) if held is None else [(shape, held)]
            for shape, held in zip(shapes, self.whole(shapes), strict=True)
        ]

    def _parts(self, shape: BaseGeometry) -> Parts:
        parts: Parts = [(shape, frozenset())]
        for number, region in enumerate(self.regions):
            parts = [new for part, inside in parts for new in _halves(part, inside, region, number)]
        return parts


def _halves(part: BaseGeometry, inside: Inside, region: BaseGeometry, number: int) -> Parts:
    within, without = divide(part, region)
    halves: Parts = [] if within is None else [(within, inside | {number})]
    return halves if without is None else [*halves, (without, inside)]
