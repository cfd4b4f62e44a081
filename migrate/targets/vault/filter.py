"""`META-INF/vault/filter.xml`: what a content package imports, and how it follows a rename.

The file decides at import what becomes of each node (Apache Jackrabbit FileVault, `DefaultWorkspaceFilter`,
`PathFilterSet`, `FileArtifactHandler`; tried with 3.4.10 and 3.8.2). A rename that it does not follow loses the
configuration (the old name is deleted, the new one not imported) or leaves two. So the old name stays in the
filter, which deletes the old node, and the new name is added beside it. Everything here is a pure function of
bytes and paths, the same for a package and for its sources on a disk.
"""

from __future__ import annotations

import enum
import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from grammar.java.numbers import parse_double
from grammar.java.units import NumberFormatError
from grammar.xml.markup.spans import Element
from migrate.targets.errors import PackageError
from migrate.targets.vault import spans as xml_spans
from migrate.targets.vault.patterns import JavaPattern, UnknownPatternError, compile_pattern, escape
from migrate.targets.vault.spans import Xml


class VaultError(PackageError):
    """A filter that FileVault would not read, or that we cannot judge or rewrite."""


class ImportMode(enum.Enum):
    """What an import does to nodes that are already there (`ImportMode` of FileVault)."""

    REPLACE = "replace"
    MERGE = "merge"
    UPDATE = "update"
    MERGE_PROPERTIES = "merge_properties"
    UPDATE_PROPERTIES = "update_properties"

    @property
    def deletes(self) -> bool:
        """Whether nodes that the package no longer has are deleted."""
        return self is ImportMode.REPLACE

    @property
    def keeps_values(self) -> bool:
        """Whether existing values stay as they are."""
        return self in (ImportMode.MERGE, ImportMode.MERGE_PROPERTIES)


@dataclass(frozen=True, slots=True)
class VaultProblem:
    """Why an edit of the package would not have the effect that it looks like.

    Attributes:
        rule: stable id (docs/packages.md).
        message: what happens at import and what to do, one line.
    """

    rule: str
    message: str


@dataclass(frozen=True)
class Pattern:
    """An `<include>` or `<exclude>`.

    Attributes:
        include: whether it includes.
        text: the regular expression of `java.util.regex`.
        of_properties: whether it is about properties (`matchProperties="true"`), not nodes.
        element: where it stands.
    """

    include: bool
    text: str
    of_properties: bool
    element: Element

    @cached_property
    def compiled(self) -> JavaPattern | UnknownPatternError:
        try:
            return compile_pattern(self.text)
        except UnknownPatternError as error:
            return error

    def matches(self, path: str) -> bool:
        """Raises VaultError when we cannot know."""
        try:
            if isinstance(self.compiled, UnknownPatternError):
                raise self.compiled
            return self.compiled.matches(path)
        except UnknownPatternError as error:
            raise VaultError(
                f'whether the pattern "{self.text}" matches {path} is not certain: {error}',
                rule="filter-pattern",
                fix="Write it with plain Java regular expression syntax, or edit filter.xml by hand",
                line=self.element.line,
                column=self.element.column,
            ) from None


@dataclass(frozen=True, slots=True)
class Root:
    """A `<filter>`.

    Attributes:
        path: the repository path, without a final `/`; empty for the repository's root.
        mode: what the import does below it.
        patterns: in the order of the text.
        element: where it stands.
    """

    path: str
    mode: ImportMode
    patterns: tuple[Pattern, ...]
    element: Element

    def covers(self, path: str) -> bool:
        """Whether `path` is the root or below it, whatever the patterns say."""
        return path == self.path or path.startswith(f"{self.path}/")

    @property
    def node_patterns(self) -> tuple[Pattern, ...]:
        return tuple(pattern for pattern in self.patterns if not pattern.of_properties)

    def deciding(self, path: str) -> Pattern | None:
        """The pattern that has the last word on `path`; None when none matches."""
        return next((pattern for pattern in reversed(self.node_patterns) if pattern.matches(path)), None)

    def contains(self, path: str) -> bool:
        """Whether nodes at `path` are imported through this root (`PathFilterSet.contains`)."""
        if not self.covers(path):
            return False
        found = self.deciding(path)
        if found is not None:
            return found.include
        return not (self.node_patterns and self.node_patterns[0].include)


@dataclass(frozen=True, slots=True)
class Filter:
    """A `filter.xml`; immutable, an edit gives a new one."""

    xml: Xml
    roots: tuple[Root, ...]

    @classmethod
    def parse(cls, data: bytes, path: str | None = None) -> Filter:
        """Read a filter.

        Args:
            data: the file's bytes.
            path: its name, for errors.

        Raises:
            VaultError: FileVault would not read it, or it is not read here (a document type, UTF-16).
        """
        try:
            xml = xml_spans.parse(data)
            return cls(xml, tuple(_roots(xml.root)))
        except xml_spans.XmlError as error:
            raise VaultError(
                error.message, rule=error.rule, fix=error.fix, path=path, line=error.line, column=error.column
            ) from None
        except VaultError as error:
            error.path = path
            raise

    @property
    def source(self) -> bytes:
        """The file's bytes."""
        return self.xml.source

    def covers(self, path: str) -> ImportMode | None:
        """The import mode of a node that the filter contains; None when the filter does not contain it.

        The first root at or above the path gives the mode, even when another one includes it. Whether an import
        gets as far as the node is another question: :meth:`reaches`.

        Raises:
            VaultError: a pattern that we cannot judge decides.
        """
        return self._mode(path) if self._contains(path) else None

    def _mode(self, path: str) -> ImportMode:
        return next((root.mode for root in self.roots if root.covers(path)), ImportMode.REPLACE)

    def reaches(self, path: str) -> bool:
        """Whether an import takes what the package has at a repository path (`Importer.postFilter`).

        It walks down from `/`: a node that the filter contains brings everything below it, excluded or not; a
        node on the way to a root is passed; any other is left out with all that is below it. So patterns decide
        about a root and its direct children, and hardly about what is deeper.

        Raises:
            VaultError: a pattern that we cannot judge decides.
        """
        unknown: VaultError | None = None
        for end in [1, *(at for at, char in enumerate(path) if char == "/" and at), len(path)]:
            node = path[:end]
            try:
                if self._contains(node):
                    return True
            except VaultError as error:
                unknown = unknown or error
            if not any(f"{root.path}/".startswith(f"{node.rstrip('/')}/") for root in self.roots):
                if unknown is not None:
                    raise unknown
                return False
        return True

    def _deletes(self, path: str) -> bool:
        """Whether an import deletes what stands at a path that the package no longer has."""
        if not self._contains(path) or not self._mode(path).deletes:
            return False
        return any(root.path == path for root in self.roots) or self.reaches(path.rpartition("/")[0])

    def _contains(self, path: str) -> bool:
        unknown: VaultError | None = None
        for root in self.roots:
            try:
                if root.contains(path):
                    return True
            except VaultError as error:
                unknown = unknown or error
        if unknown is not None:
            raise unknown
        return False

    def edit_problems(self, path: str, *, node: bool = False) -> tuple[VaultProblem, ...]:
        """Why an edited value at a repository path would not arrive.

        Args:
            path: the repository path.
            node: whether the package has a node there (a document view), not a file.
        """
        if not self.reaches(path):
            message = f"filter.xml does not cover {path}: AEM never imports it from this package"
            return (VaultProblem("filter-not-covered", message),)
        if node and not self._contains(path):
            message = (
                f"filter.xml excludes {path}: where this node is already there, an edited value never arrives. "
                "Include it, or change the instance itself"
            )
            return (VaultProblem("filter-excluded", message),)
        mode = self._mode(path)
        if mode.keeps_values:
            message = (
                f'filter.xml imports {path} with mode="{mode.value}": where it is already there, an edited '
                'value never arrives. Use mode="replace", or change the instance itself'
            )
            return (VaultProblem("filter-mode-merge", message),)
        return ()

    def rename_problems(self, old: str, new: str) -> tuple[VaultProblem, ...]:
        """Why a rename would leave the old node standing; to be asked of the filter that follows the rename."""
        if not self.reaches(old) or self._deletes(old):
            return ()
        mode = self._mode(old)
        if mode.deletes:
            rule = "filter-excluded"
            reason = f"filter.xml excludes {old}, and an import deletes only what it includes"
        else:
            rule = "filter-mode-keeps-old"
            reason = f'filter.xml imports {old} with mode="{mode.value}", which deletes nothing'
        message = (
            f"{reason}: {old} stays beside {new} where it was installed before. Delete it on the instance"
        )
        return (VaultProblem(rule, message),)

    def follow_rename(self, old: str, new: str) -> Filter:
        """The filter that imports `new` as `old` was imported, and deletes `old`.

        Roots and patterns that name `old` stay and get a twin for `new`; a filter that treats both names alike
        already is given back as it is.

        Args:
            old: repository path of the node before the rename.
            new: its path afterwards.

        Raises:
            VaultError: a pattern that we cannot judge decides, or the result would not be what is meant.
        """
        wanted = self._contains(old)
        followed = self
        if not wanted and self._half_renamed(old, new):
            wanted = True
            followed = followed._with_twin_roots(new, old)
        if wanted and not followed._contains(new):
            followed = followed._with_twin_roots(old, new)
        followed = followed._with_twin_patterns(old, new, wanted)
        followed = followed._with_twin_property_patterns(old, new)
        if followed._contains(new) != wanted or followed._contains(old) != wanted:
            raise VaultError(
                f"filter.xml cannot be made to follow the rename of {old} to {new}",
                rule="filter-rename",
                fix="Edit filter.xml by hand: keep what names the old path, add the same for the new one",
            )
        return followed

    def _half_renamed(self, old: str, new: str) -> bool:
        """A hand-made rename in filter.xml alone: a root names `new`, none covers `old`."""
        return any(root.path == new for root in self.roots) and not any(r.covers(old) for r in self.roots)

    def _with_twin_roots(self, old: str, new: str) -> Filter:
        """For each root at or below `old`, the same at or below `new`."""
        there = {root.path for root in self.roots}
        inserts = []
        for root in self.roots:
            twin = new + root.path[len(old) :]
            if (root.path == old or root.path.startswith(f"{old}/")) and twin not in there:
                inserts.append((root.element, self._twin_of_root(root, twin, old, new)))
        return self._edited(inserts)

    def _twin_of_root(self, root: Root, path: str, old: str, new: str) -> str:
        values = {root.element: {"root": path}}
        for pattern in root.patterns:
            text = _renamed(pattern.text, old, new)
            if text is not None:
                values[pattern.element] = {"pattern": text}
        return self.xml.copied(root.element, values)

    def _with_twin_patterns(self, old: str, new: str, wanted: bool) -> Filter:
        """Where patterns tell the two names apart, one more pattern that treats the new name as the old one."""
        inserts = []
        for root in self.roots:
            if root.covers(old) and root.covers(new) and root.contains(old) == wanted:
                twin = _twin_pattern(root, old, new)
                if twin is not None:
                    inserts.append((twin.element, self._pattern(twin)))
        return self._edited(inserts)

    def _with_twin_property_patterns(self, old: str, new: str) -> Filter:
        """Patterns of properties that spell the old name get a twin that spells the new one."""
        inserts = []
        for root in self.roots:
            texts = {pattern.text for pattern in root.patterns}
            for pattern in root.patterns:
                text = _renamed(pattern.text, old, new) if pattern.of_properties else None
                if text is not None and text not in texts and root.covers(old) and root.covers(new):
                    inserts.append((pattern.element, self._pattern(replace(pattern, text=text))))
        return self._edited(inserts)

    def _pattern(self, pattern: Pattern) -> str:
        """A new pattern in the style of the one at its place."""
        like = pattern.element
        name = "include" if pattern.include else "exclude"
        if name == like.name:
            return self.xml.copied(like, {like: {"pattern": pattern.text}})
        return f'<{name} pattern="{self.xml.attribute_text(pattern.text)}"/>'

    def _edited(self, inserts: Iterable[tuple[Element, str]]) -> Filter:
        """With elements inserted, each after another one and on a line of its own if that one has its own."""
        text, parts, at = self.xml.text, [], 0
        for element, twin in sorted(inserts, key=lambda pair: pair[0].end):
            parts += [text[at : element.end], self.xml.separator(element), twin]
            at = element.end
        if not parts:
            return self
        return Filter.parse(self.xml.encoded("".join([*parts, text[at:]])))


def _roots(root: Element) -> Iterator[Root]:
    """The filters, with the checks of `DefaultWorkspaceFilter.load`."""
    if root.name != "workspaceFilter":
        raise _invalid(root, f"the root element is <{root.name}>, not <workspaceFilter>")
    version = root.value("version") or "1.0"
    if not _is_supported(version):
        raise _invalid(root, f'version "{version}" is not supported')
    for element in root.children:
        if element.name != "filter":
            raise _invalid(element, f"<{element.name}> stands where <filter> belongs")
        path = element.value("root").removesuffix("/")
        yield Root(path, _mode(element), tuple(_patterns(element)), element)


def _is_supported(version: str) -> bool:
    try:
        return not parse_double(version).number > 1.0
    except NumberFormatError:
        return False


def _mode(element: Element) -> ImportMode:
    text = element.value("mode")
    try:
        return ImportMode(text.lower() or "replace")
    except ValueError:
        known = ", ".join(mode.value for mode in ImportMode)
        raise VaultError(
            f'mode="{text}" is not an import mode: FileVault cannot read the package',
            rule="filter-mode-unknown",
            fix=f"Write one of {known}",
            line=element.line,
            column=element.column,
        ) from None


def _patterns(element: Element) -> Iterator[Pattern]:
    for child in element.children:
        if child.name not in ("include", "exclude"):
            raise _invalid(child, f"<{child.name}> stands where <include> or <exclude> belongs")
        text = child.value("pattern")
        if not text:
            raise _invalid(child, f"<{child.name}> has no pattern")
        of_properties = child.value("matchProperties").lower() == "true"
        yield Pattern(child.name == "include", text, of_properties, child)


def _invalid(element: Element, message: str) -> VaultError:
    return VaultError(
        f"{message}: FileVault cannot read the package",
        rule="filter-invalid",
        line=element.line,
        column=element.column,
    )


def _twin_pattern(root: Root, old: str, new: str) -> Pattern | None:
    """The pattern, to be written after its element, that makes a root treat `new` as it treats `old`.

    In the spelling of the pattern that decides about `old` if that works, else one that names the path exactly.
    """
    if _alike(root, old, new):
        return None
    deciding, last = root.deciding(old), root.node_patterns[-1]
    texts = [f"{escape(new)}(/.*)?", escape(new)]
    renamed = _renamed(deciding.text, old, new) if deciding is not None else None
    if renamed is not None:
        texts.insert(0, renamed)
    places = [last] if deciding is None else [deciding, last]
    twins = [Pattern(root.contains(old), text, False, at.element) for text in texts for at in places]
    fitting = (twin for twin in twins if _alike(_with_pattern(root, twin), old, new))
    return next(fitting, twins[-1])


def _with_pattern(root: Root, twin: Pattern) -> Root:
    patterns = [
        (pattern, twin) if pattern.element is twin.element else (pattern,) for pattern in root.patterns
    ]
    return replace(root, patterns=tuple(itertools.chain.from_iterable(patterns)))


def _alike(root: Root, old: str, new: str) -> bool:
    """Whether a root treats both nodes, and the content below them, the same way."""
    below = "/jcr:content"
    return root.contains(old) == root.contains(new) and root.contains(old + below) == root.contains(
        new + below
    )


def _renamed(pattern: str, old: str, new: str) -> str | None:
    """The expression with the old node name spelled as the new one; None where it does not spell it.

    Only what differs between the names changes, so that `F\\.123` becomes `F\\-123` only if somebody wrote it so.
    """
    old_name, new_name = old.rpartition("/")[2], new.rpartition("/")[2]
    head = _common_head(old_name, new_name)
    rest = old_name[len(head) :], new_name[len(head) :]
    tail = _common_head(rest[0][::-1], rest[1][::-1])[::-1]
    middle = old_name[len(head) : len(old_name) - len(tail)]
    changed = escape(new_name[len(head) : len(new_name) - len(tail)])
    spelled = "".join(f"({_spelled(part)})" for part in (head, middle, tail))
    text, count = re.subn(spelled, lambda found: found[1] + changed + found[3], pattern)
    return text if count else None


def _common_head(one: str, other: str) -> str:
    same = itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(char for char, _ in same)


def _spelled(text: str) -> str:
    """Matches the ways to write `text` in an expression: `.`, `\\.` and `[.]`."""
    return "".join(
        char if char.isalnum() else rf"(?:\\?{re.escape(char)}|\[{re.escape(char)}\])" for char in text
    )
