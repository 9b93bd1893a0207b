"""A delivery against the parcels that stand: the whole comparison, from rows to difference and settlement.

The one public question is `compare`; publication asks `settle` under its lock, because between the two
another delivery may have become public.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from planning.cadastre import overlap, sides, verdicts
from planning.cadastre.difference import Change, ChangeKind, Difference, Doubt, Settlement, Successor
from planning.cadastre.numbers import stable_codes
from planning.cadastre.sides import Attributes, Refusals, Rule, Side
from planning.cadastre.verdicts import Grounds, Group, Passage
from planning.crs import CRS
from planning.errors import NotFound
from planning.models import CadastreDelivery, LayerUpload, Publication

_HALF = 0.5


def compare(upload: LayerUpload) -> Difference:
    """What the delivery would change if it were published now. Writes nothing.

    Raises NotFound for an upload that declares no delivery of the cadastre.
    """
    return settle(upload).difference


def settle(upload: LayerUpload) -> Settlement:
    """The same with what publication has to do; call it under the lock to act on it."""
    rule = rule_of(upload)
    later, system = sides.staged(upload)
    return settle_rows(later, rule, system, sides.refusals(upload, system))


def rule_of(upload: LayerUpload) -> Rule:
    """What the upload declares. Raises NotFound where it declares nothing."""
    stored = CadastreDelivery.objects.filter(upload=upload).first()
    if stored is None:
        raise NotFound("delivery", str(upload.pk))
    return Rule(
        as_of=stored.as_of,
        replaces=stored.replaces,
        units=tuple(stored.units),
        is_large_change_right=stored.is_large_change_right,
        office=upload.office_id,
    )


def settle_rows(later: Side, rule: Rule, system: CRS, refusals: Refusals) -> Settlement:
    """Rows that need not be stored yet against the parcels that stand in the newest revision."""
    revision = Publication.objects.latest_revision()
    former = sides.standing(later, rule, system)
    return _Comparison.of(former, later, rule, refusals).settlement(revision)


@dataclass(slots=True)
class _Comparison:
    """What the steps share; gone when the settlement is made."""

    former: Side
    later: Side
    rule: Rule
    passages: list[Passage]
    groups: list[Group]
    codes: list[str]

    @classmethod
    def of(cls, former: Side, later: Side, rule: Rule, refusals: Refusals) -> "_Comparison":
        grounds = Grounds(former.ground, later.ground, former.bases, later.bases)
        bases = verdicts.as_array(grounds.former_bases), verdicts.as_array(grounds.later_bases)
        links = overlap.links(grounds.former, grounds.later, bases=bases)
        found = verdicts.passages(links, grounds)
        delivered = _delivered(later)
        judged = [_with_attributes(one, former, later, delivered) for one in verdicts.groups(found, grounds)]
        stays = _staying(former, judged, _unmatched(found, grounds), rule, refusals)
        judged = [
            replace(one, kind=stays[one.former[0]]) if _is_staying(one, stays) else one for one in judged
        ]
        standing_on = {former.codes[row] for row in stays}
        codes = stable_codes(grounds.later_bases, grounds.former_bases, former.codes, found, standing_on)
        return cls(former, later, rule, found, judged, codes)

    def settlement(self, revision: int) -> Settlement:
        former, later = self.former, self.later
        unchanged: set[int] = set()
        closed: list[int] = []
        continues: dict[int, int] = {}
        for group in self.groups:
            if group.kind is ChangeKind.UNCHANGED:
                unchanged.add(later.keys[group.later[0]])
                continue
            if group.kind not in (ChangeKind.HELD, ChangeKind.UNTOUCHED):
                closed += [former.keys[row] for row in group.former]
            if group.is_one_to_one:
                continues[later.keys[group.later[0]]] = former.keys[group.former[0]]
        return Settlement(
            difference=self.difference(revision),
            codes=dict(zip(later.keys, self.codes, strict=True)),
            unchanged=frozenset(unchanged),
            continues=continues,
            closed=tuple(closed),
            successors=self._successors(),
        )

    def difference(self, revision: int) -> Difference:
        changes = sorted(
            (self._change(group) for group in self.groups), key=lambda one: (one.former, one.later)
        )
        concerned = sorted(
            row for group in self.groups if group.kind is not ChangeKind.UNTOUCHED for row in group.former
        )
        return Difference(
            as_of=self.rule.as_of,
            replaces=self.rule.replaces,
            revision=revision,
            changes=tuple(changes),
            reused=self._reused(),
            doubts=self._doubts(),
            too_late=tuple(
                self.former.codes[row] for row in concerned if self.former.since[row] > self.rule.as_of
            ),
            foreign=tuple(sorted({self.former.offices[row] for row in concerned} - {self.rule.office})),
        )

    def _change(self, group: Group) -> Change:
        return Change(
            kind=group.kind,
            former=tuple(sorted(self.former.codes[row] for row in group.former)),
            later=tuple(sorted(self.codes[row] for row in group.later)),
            shared_m2=group.shared if group.former and group.later else None,
        )

    def _successors(self) -> tuple[Successor, ...]:
        kinds = {row: group.kind for group in self.groups for row in group.former}
        silent = (ChangeKind.UNCHANGED, ChangeKind.NEW_ATTRIBUTES, ChangeKind.HELD, ChangeKind.UNTOUCHED)
        return tuple(
            Successor(
                former=self.former.codes[one.former],
                later=self.codes[one.later],
                kind=verdicts.lineage_kind(one, kinds[one.former]),
                shared_m2=round(one.shared, 3),
                is_main=one.is_strong,
            )
            for one in self.passages
            if kinds[one.former] not in silent
        )

    def _reused(self) -> tuple[str, ...]:
        """Numbers that stood on other land: the code goes on, the parcel does not."""
        closed = {self.former.codes[row] for group in self.groups for row in group.former}
        heirs = {
            (self.former.codes[one.former], self.codes[one.later]) for one in self.passages if one.is_strong
        }
        return tuple(sorted(code for code in closed.intersection(self.codes) if (code, code) not in heirs))

    def _doubts(self) -> tuple[Doubt, ...]:
        """Units of which more than half would end, or which have no land in common with the delivery."""
        if self.rule.replaces != "units":
            return ()
        units = self.former.units
        standing = Counter(units)
        ended = Counter(
            units[row] for group in self.groups if group.kind is ChangeKind.ENDED for row in group.former
        )
        common = Counter(units[row] for row in {one.former for one in self.passages})
        return tuple(
            Doubt(unit=unit, standing=count, ended=ended[unit], in_common=common[unit])
            for unit, count in sorted(standing.items())
            if ended[unit] > _HALF * count or not common[unit]
        )


def _delivered(later: Side) -> tuple[str, ...]:
    """The attributes that the delivery speaks of at all: a file without addresses takes none away."""
    return tuple(
        field.name
        for field in fields(Attributes)
        if any(getattr(one, field.name) not in (None, "") for one in later.attributes)
    )


def _with_attributes(group: Group, former: Side, later: Side, delivered: Sequence[str]) -> Group:
    """A parcel of the same number and boundary is unchanged only if the rest is the same, too."""
    if group.kind is not ChangeKind.UNCHANGED:
        return group
    new, old = later.attributes[group.later[0]], former.attributes[group.former[0]]
    is_equal = all(getattr(new, name) == getattr(old, name) for name in delivered)
    return group if is_equal else replace(group, kind=ChangeKind.NEW_ATTRIBUTES)


def _unmatched(found: Sequence[Passage], grounds: Grounds) -> set[str]:
    """Numbers of the delivery that do not lie where a parcel of that number lay."""
    at_home = {
        one.later
        for one in found
        if one.is_strong and grounds.former_bases[one.former] == grounds.later_bases[one.later]
    }
    return {base for row, base in enumerate(grounds.later_bases) if row not in at_home}


def _is_staying(group: Group, stays: dict[int, ChangeKind]) -> bool:
    return not group.later and len(group.former) == 1 and group.former[0] in stays


def _staying(
    former: Side, judged: Sequence[Group], moved: Collection[str], rule: Rule, refusals: Refusals
) -> dict[int, ChangeKind]:
    """Parcels without a successor that stand on all the same: held for a refused row, or not spoken of."""
    lonely = [group.former[0] for group in judged if group.kind is ChangeKind.ENDED]
    reached = _held(former, lonely, refusals)
    bases = former.bases
    stays = {}
    for row, is_held in zip(lonely, reached, strict=True):
        if is_held:
            stays[row] = ChangeKind.HELD
        elif rule.replaces == "contents" and bases[row] not in moved:
            stays[row] = ChangeKind.UNTOUCHED
    return stays


def _held(former: Side, lonely: Sequence[int], refusals: Refusals) -> list[bool]:
    if not lonely:
        return []
    rows = np.array(lonely, dtype=np.int64)
    ground = former.ground
    reached = overlap.reaches_into(ground.shapes[rows], ground.tolerance[rows], refusals.shapes)
    bases = former.bases
    return [
        refusals.is_anyone
        or bool(is_reached)
        or bases[row] in refusals.bases
        or former.units[row] in refusals.units
        for row, is_reached in zip(lonely, reached.tolist(), strict=True)
    ]
