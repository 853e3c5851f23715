"""What constraints say of a name, and constraints merged: NameConstraintsExtension, GeneralSubtrees, X509CertSelector."""

from typing import TYPE_CHECKING

from ..general_names import Kind
from .general_names import Constraints, Name, Tree, Trees
from .relations import WITHIN, Comparison, Relation
from .violation import JavaError

if TYPE_CHECKING:
    from . import PathConstraints


class Subtrees:
    """Constraints of one path, as one release applies and merges them.

    Any of its methods may raise what `Comparison.relation` raises.
    """

    def __init__(self, rules: "PathConstraints") -> None:
        self.rules = rules
        self.relation = Comparison(rules).relation

    # -- Of a certificate --------------------------------------------------------------------------------------------

    def refusal(self, constraints: Constraints, name: Name) -> tuple[str, Tree | None]:
        """NameConstraintsExtension.verify(GeneralNameInterface): why the name is refused, and an example."""
        for tree in constraints.excluded or ():
            if self.relation(tree.name, name, wildcards=self.rules.excluded_wildcards) in WITHIN:
                return "among the excluded names", tree
        outside = None
        for tree in constraints.permitted or ():
            relation = self.relation(tree.name, name)
            if relation in WITHIN:
                return "", None
            if relation is not Relation.DIFFERENT:
                outside = outside or tree
        return "outside the permitted names", outside

    def unselected(self, constraints: Constraints, name: Name) -> tuple[str, Tree | None]:
        """X509CertSelector.matchExcluded and matchPermitted, which ask the name what it is to the constraint."""
        fits = (Relation.MATCH, Relation.WIDENS)
        for tree in constraints.excluded or ():
            if self.relation(name, tree.name) in fits:
                return "among the excluded names", tree
        outside = None
        for tree in constraints.permitted or ():
            relation = self.relation(name, tree.name)
            if relation in fits:
                return "", None
            if relation is not Relation.DIFFERENT:
                outside = outside or tree
        return "outside the permitted names", outside

    # -- Merging -----------------------------------------------------------------------------------------------------

    def merged(self, before: Constraints | None, new: Constraints) -> Constraints:
        """NameConstraintsExtension.merge."""
        if before is None:
            return new
        permitted, excluded = before.permitted, self._union(before.excluded, new.excluded)
        if permitted is None:
            permitted = new.permitted
        elif new.permitted is not None:
            permitted, none_left = self._intersection(permitted, new.permitted)
            excluded = self._union(excluded, none_left)
        if permitted and excluded:
            # GeneralSubtrees.reduce
            permitted = tuple(
                tree for tree in permitted if not any(self.relation(e.name, tree.name) in WITHIN for e in excluded)
            )
        for tree in (*(permitted or ()), *(excluded or ())):
            if tree.name.kind is Kind.EDI and not tree.name.text:
                raise JavaError(
                    "Java cannot write down an ediPartyName whose party it did not read "
                    '(Java: "Cannot have null partyName")'
                )
        return Constraints(permitted=permitted, excluded=excluded)

    def _union(self, one: Trees | None, other: Trees | None) -> Trees | None:
        if one is None or other is None:
            return other if one is None else one
        return tuple(self._minimal([*one, *other]))

    def _minimal(self, trees: list[Tree]) -> list[Tree]:
        """GeneralSubtrees.minimize: without those that lie within another."""
        place = 0
        while place < len(trees) - 1:
            current, after = trees[place].name, place + 1
            drop = False
            while after < len(trees):
                relation = self.relation(current, trees[after].name)
                if relation in (Relation.MATCH, Relation.WIDENS):
                    drop = True
                    break
                if relation is Relation.NARROWS:
                    del trees[after]
                else:
                    after += 1
            if drop:
                del trees[place]
            else:
                place += 1
        return trees

    def _intersection(self, one: Trees, other: Trees) -> tuple[Trees, Trees | None]:
        """GeneralSubtrees.intersect: what both permit, and what is excluded since they have nothing of a kind in common."""
        if not one:
            return tuple(self._minimal([*other])), None
        these, those = self._minimal([*one]), self._minimal([*other])
        narrower: list[Tree] = []
        nothing: list[Tree] = []
        place = 0
        while place < len(these):
            entry = these[place]
            found, tree = self._first_related(entry.name, those)
            if found is Relation.NARROWS and tree is not None:
                del these[place]
                narrower.append(tree)
            elif found is Relation.SAME_KIND:
                if not self._related(entry.name.kind, these, those) and not any(
                    t.name.kind is entry.name.kind for t in nothing
                ):
                    nothing.append(self._everything(entry, those))
                del these[place]
            else:
                place += 1
        if narrower:
            these = self._minimal([*these, *narrower])
        for tree in those:
            # Where nothing is left Java adds nothing, of another kind either.
            if these and all(self.relation(entry.name, tree.name) is Relation.DIFFERENT for entry in these):
                these.append(tree)
        return tuple(these), tuple(nothing) or None

    def _first_related(self, name: Name, trees: list[Tree]) -> tuple[Relation, Tree | None]:
        found = Relation.DIFFERENT
        for tree in trees:
            relation = self.relation(name, tree.name)
            if relation is Relation.SAME_KIND:
                found = relation
            elif relation is not Relation.DIFFERENT:
                return relation, tree
        return found, None

    def _related(self, kind: Kind, these: list[Tree], those: list[Tree]) -> bool:
        return any(
            self.relation(entry.name, tree.name) not in (Relation.DIFFERENT, Relation.SAME_KIND)
            for entry in these
            if entry.name.kind is kind
            for tree in those
        )

    @staticmethod
    def _everything(entry: Tree, those: list[Tree]) -> Tree:
        """GeneralSubtrees.createWidestSubtree, which has a name for "everything" of one kind only."""
        kind = entry.name.kind
        if kind is Kind.DIRECTORY:
            return Tree(name=Name(kind=kind, text=""), origin=entry.origin)
        other = next(tree for tree in those if tree.name.kind is kind)
        raise JavaError(
            f"it permits {other.name} and the like, certificate {entry.origin + 1} of the path {entry.name} and the like, and "
            f"they have nothing in common; then Java ends with an error, whatever names there are "
            f'(Java: "{"NullPointerException" if kind is Kind.ADDRESS else "Unexpected error: java.io.IOException"}")'
        )
