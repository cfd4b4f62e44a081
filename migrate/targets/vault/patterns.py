"""The part of `java.util.regex` that filter patterns use, decided in linear time.

FileVault asks `Pattern.compile(pattern).matcher(path).matches()` for each pattern of a `filter.xml`
(`DefaultPathFilter.matches`): does the whole path match? Python's `re` reads some patterns differently from Java
and may take exponential time on a hostile one, so this module compiles the syntax that means the same in every
Java version to a nondeterministic automaton (Thompson's construction) and refuses the rest by name: back
references, possessive quantifiers, atomic groups, look-behind, flags, `\\p{...}`, class unions and
intersections. What it accepts, it decides as Java does.
"""

from __future__ import annotations

import enum
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from migrate.errors import MigrateError

MAX_STATES = 5_000
"""A pattern that needs more states (`(a{1000}){1000}`) is refused."""
MAX_STEPS = 1_000_000
"""States visited for one path; only look-aheads inside large repetitions come near."""
MAX_DEPTH = 100
_SPECIAL = frozenset("\\.[]{}()*+?^$|")
_LINE_ENDS = "\n\r\x85\u2028\u2029"
_CONTROL = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "a": "\a", "e": "\x1b"}

Test = Callable[[str], bool]


class UnknownPatternError(MigrateError):
    """A pattern whose meaning in Java this module does not vouch for; the text says why."""


def escape(text: str) -> str:
    """A pattern that matches exactly `text`."""
    return "".join(f"\\{char}" if char in _SPECIAL else char for char in text)


@dataclass(frozen=True)
class JavaPattern:
    """A compiled pattern; make it with :func:`compile_pattern`."""

    source: str
    _program: _Program

    def matches(self, text: str) -> bool:
        """Whether the whole of `text` matches, as `Matcher.matches()` says.

        Raises:
            UnknownPatternError: `text` has a line break, around which Java's `$` has rules of its own; or the
                pattern takes more than MAX_STEPS.
        """
        if any(char in _LINE_ENDS for char in text):
            raise UnknownPatternError("the path contains a line break")
        return self._program.run(_Run(text), 0, whole=True)


def compile_pattern(source: str) -> JavaPattern:
    """Compile a pattern.

    Raises:
        UnknownPatternError: not a valid pattern, or one with syntax that this module does not vouch for.
    """
    parser = _Parser(source)
    return JavaPattern(source, parser.program())


class _Op(enum.Enum):
    CHAR = enum.auto()
    SPLIT = enum.auto()
    START = enum.auto()
    END = enum.auto()
    AHEAD = enum.auto()
    MATCH = enum.auto()


@dataclass(frozen=True, slots=True)
class _State:
    """One step: CHAR consumes a character that passes `test`; the others consume nothing."""

    op: _Op
    out: tuple[int, ...] = ()
    test: Test | None = None
    ahead: _Program | None = None
    negative: bool = False


class _Run:
    """One path being matched, with the verdicts of look-aheads, each worked out once for a position."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._steps = 0
        self._known: dict[tuple[int, int], bool] = {}

    def step(self) -> None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            raise UnknownPatternError("the pattern takes too long to match")

    def passes(self, state: _State, at: int) -> bool:
        """Whether a state that consumes nothing lets the match go on at `at`."""
        if state.op is _Op.START:
            return at == 0
        if state.op is _Op.END:
            return at == len(self.text)
        if state.ahead is None:
            return True
        key = (id(state), at)
        if key not in self._known:
            self._known[key] = state.ahead.run(self, at, whole=False) is not state.negative
        return self._known[key]


@dataclass(frozen=True)
class _Program:
    states: tuple[_State, ...]
    start: int

    def run(self, run: _Run, at: int, *, whole: bool) -> bool:
        """Whether a match begins at `at` (and ends at the end of the text when `whole`)."""
        current = self._closure([self.start], run, at)
        while current:
            matched = any(self.states[number].op is _Op.MATCH for number in current)
            if matched and (not whole or at == len(run.text)):
                return True
            if at == len(run.text):
                return False
            char = run.text[at]
            at += 1
            step = [target for number in current for target in self._consume(number, char)]
            current = self._closure(step, run, at)
        return False

    def _consume(self, number: int, char: str) -> tuple[int, ...]:
        state = self.states[number]
        return state.out if state.test is not None and state.test(char) else ()

    def _closure(self, waiting: list[int], run: _Run, at: int) -> list[int]:
        """The states that are reached without consuming a character; a stack, not recursion."""
        seen: set[int] = set()
        reached: list[int] = []
        while waiting:
            number = waiting.pop()
            if number in seen:
                continue
            seen.add(number)
            run.step()
            state = self.states[number]
            if state.op in (_Op.CHAR, _Op.MATCH):
                reached.append(number)
            elif run.passes(state, at):
                waiting.extend(state.out)
        return reached


# A parsed node builds its states towards the state that follows it and gives back its first state.
Build = Callable[["_Builder", int], int]


class _Budget:
    """What one pattern may still spend on states and repetitions, its look-aheads included."""

    def __init__(self) -> None:
        self._left = MAX_STATES

    def spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise UnknownPatternError("the pattern is too large")


class _Builder:
    """Collects states; a state is known by its number."""

    def __init__(self, budget: _Budget) -> None:
        self.states: list[_State] = []
        self.budget = budget

    def add(self, state: _State) -> int:
        self.budget.spend()
        self.states.append(state)
        return len(self.states) - 1

    def program(self, node: Build) -> _Program:
        start = node(self, self.add(_State(_Op.MATCH)))
        return _Program(tuple(self.states), start)


def _char(test: Test) -> Build:
    return lambda builder, after: builder.add(_State(_Op.CHAR, (after,), test))


def _anchor(op: _Op) -> Build:
    return lambda builder, after: builder.add(_State(op, (after,)))


def _ahead(node: Build, negative: bool) -> Build:
    def build(builder: _Builder, after: int) -> int:
        program = _Builder(builder.budget).program(node)
        return builder.add(_State(_Op.AHEAD, (after,), ahead=program, negative=negative))

    return build


def _sequence(nodes: list[Build]) -> Build:
    def build(builder: _Builder, after: int) -> int:
        for node in reversed(nodes):
            after = node(builder, after)
        return after

    return build


def _choice(nodes: list[Build]) -> Build:
    def build(builder: _Builder, after: int) -> int:
        starts = tuple(node(builder, after) for node in nodes)
        return builder.add(_State(_Op.SPLIT, starts))

    return build


def _repeat(node: Build, least: int, most: int | None) -> Build:
    def build(builder: _Builder, after: int) -> int:
        if most is None:
            loop = builder.add(_State(_Op.SPLIT))
            builder.states[loop] = _State(_Op.SPLIT, (node(builder, loop), after))
            first = loop
        else:
            first = after
            for _ in range(most - least):
                first = builder.add(_State(_Op.SPLIT, (node(builder, first), after)))
        for _ in range(least):
            builder.budget.spend()
            first = node(builder, first)
        return first

    return build


class _Parser:
    """Recursive descent over the pattern; groups deeper than MAX_DEPTH are refused."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0

    def program(self) -> _Program:
        node = self._alternatives(0)
        if self._at < len(self._source):
            raise UnknownPatternError("a ) without its (")
        return _Builder(_Budget()).program(node)

    def _peek(self, text: str) -> bool:
        return self._source.startswith(text, self._at)

    def _take(self, text: str) -> bool:
        found = self._peek(text)
        if found:
            self._at += len(text)
        return found

    def _next(self) -> str:
        if self._at >= len(self._source):
            raise UnknownPatternError("the pattern ends too early")
        self._at += 1
        return self._source[self._at - 1]

    def _alternatives(self, depth: int) -> Build:
        if depth > MAX_DEPTH:
            raise UnknownPatternError(f"groups nested deeper than {MAX_DEPTH}")
        branches = [_sequence(list(self._terms(depth)))]
        while self._take("|"):
            branches.append(_sequence(list(self._terms(depth))))
        return branches[0] if len(branches) == 1 else _choice(branches)

    def _terms(self, depth: int) -> Iterator[Build]:
        while self._at < len(self._source) and self._source[self._at] not in "|)":
            if self._take("\\Q"):
                yield from self._quoted()
                continue
            repeatable, node = self._atom(depth)
            bounds = self._quantifier()
            if bounds is None:
                yield node
            elif repeatable:
                yield _repeat(node, *bounds)
            else:
                raise UnknownPatternError("a quantifier after something that has no width")

    def _quoted(self) -> Iterator[Build]:
        """The rest of `\\Q...\\E`. A quantifier after it belongs to its last character."""
        end = self._source.find("\\E", self._at)
        text = self._source[self._at : end if end >= 0 else len(self._source)]
        self._at = end + 2 if end >= 0 else len(self._source)
        nodes = [_char(_literal(char)) for char in text]
        bounds = self._quantifier()
        if bounds is not None:
            if not nodes:
                raise UnknownPatternError("a quantifier after an empty quotation")
            nodes[-1] = _repeat(nodes[-1], *bounds)
        yield from nodes

    def _atom(self, depth: int) -> tuple[bool, Build]:
        """Whether a quantifier may follow, and the node."""
        char = self._next()
        if char == "(":
            return self._group(depth)
        if char == "[":
            return True, _char(self._character_class())
        if char == "\\":
            return True, _char(self._escape())
        if char == ".":
            return True, _char(lambda read: read not in _LINE_ENDS)
        if char in "^$":
            return False, _anchor(_Op.START if char == "^" else _Op.END)
        if char in "*+?{":
            raise UnknownPatternError(f"a {char} with nothing before it to repeat")
        return True, _char(_literal(char))

    def _group(self, depth: int) -> tuple[bool, Build]:
        plain = not self._peek("?")
        negative = self._take("?!")
        ahead = negative or self._take("?=")
        if not (plain or ahead or self._take("?:")):
            raise UnknownPatternError(f"a group that starts with ({self._source[self._at : self._at + 3]}")
        node = self._alternatives(depth + 1)
        if not self._take(")"):
            raise UnknownPatternError("a ( without its )")
        return (False, _ahead(node, negative)) if ahead else (True, node)

    def _quantifier(self) -> tuple[int, int | None] | None:
        bounds = self._bounds()
        if bounds is None:
            return None
        if self._take("+"):
            raise UnknownPatternError("a possessive quantifier")
        self._take("?")  # A lazy quantifier matches the same whole paths.
        if self._at < len(self._source) and self._source[self._at] in "*+?{":
            raise UnknownPatternError("a quantifier of a quantifier")
        return bounds

    def _bounds(self) -> tuple[int, int | None] | None:
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        for sign, bounds in simple.items():
            if self._take(sign):
                return bounds
        if not self._take("{"):
            return None
        end = self._source.find("}", self._at)
        low, comma, high = self._source[self._at : max(end, 0)].partition(",")
        numbers = (low, high) if high else (low,)
        if end < 0 or any(len(n) > 5 or not n.isascii() or not n.isdigit() for n in numbers):
            raise UnknownPatternError("a { that starts no repetition")
        self._at = end + 1
        least = int(low)
        most = int(high) if high else None if comma else least
        if most is not None and most < least:
            raise UnknownPatternError("a repetition whose bounds are the wrong way round")
        return least, most

    def _escape(self) -> Test:
        """What follows a backslash: a class such as `\\d`, or one character."""
        shorthand = self._shorthand()
        return shorthand if shorthand is not None else _literal(self._escaped_char())

    def _shorthand(self) -> Test | None:
        if self._at < len(self._source) and self._source[self._at] in "dDwWsS":
            return _shorthand(self._next())
        return None

    def _escaped_char(self) -> str:
        char = self._next()
        if char in "xu":
            width = 2 if char == "x" else 4
            digits = self._source[self._at : self._at + width]
            if len(digits) < width or any(digit not in string.hexdigits for digit in digits):
                raise UnknownPatternError(f"\\{char} without {width} hexadecimal digits")
            self._at += width
            if 0xD800 <= int(digits, 16) <= 0xDFFF:
                raise UnknownPatternError("a surrogate")
            return chr(int(digits, 16))
        if char in _CONTROL:
            return _CONTROL[char]
        if char.isascii() and char.isalnum():
            raise UnknownPatternError(f"\\{char}")
        return char

    def _character_class(self) -> Test:
        negative = self._take("^")
        if self._peek("]"):
            raise UnknownPatternError("a class that starts with ]")
        tests: list[Test] = []
        while not self._take("]"):
            if self._peek("&&") or self._peek("["):
                raise UnknownPatternError("a union or intersection of classes")
            tests.append(self._class_item())
        return lambda char: any(test(char) for test in tests) is not negative

    def _class_item(self) -> Test:
        if self._take("\\"):
            shorthand = self._shorthand()
            if shorthand is not None:
                return shorthand
            if self._peek("Q") or self._peek("E"):
                raise UnknownPatternError("a quotation inside a class")
            low = self._escaped_char()
        else:
            low = self._next()
        if not self._peek("-") or self._source[self._at : self._at + 2] == "-]":
            return _literal(low)
        self._next()
        high = self._next()
        if high == "\\":
            if self._shorthand() is not None:
                raise UnknownPatternError("a range that ends in a class")
            high = self._escaped_char()
        if high == "[" or high < low:
            raise UnknownPatternError("a range whose ends are the wrong way round")
        return lambda char: low <= char <= high


def _literal(char: str) -> Test:
    return lambda read: read == char


def _shorthand(letter: str) -> Test:
    """`\\d \\w \\s` and their complements: ASCII only, as in Java without UNICODE_CHARACTER_CLASS."""
    members = {
        "d": frozenset(string.digits),
        "w": frozenset(string.ascii_letters + string.digits + "_"),
        "s": frozenset(" \t\n\x0b\f\r"),
    }[letter.lower()]
    return lambda char: (char in members) is letter.islower()
