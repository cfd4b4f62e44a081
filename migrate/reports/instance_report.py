"""What `scan` prints of an instance beyond its files."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.integration.profile import CUSTOMIZER, PROVIDER
from migrate.plans.instance.scanning import FileState, InstanceScan
from migrate.plans.instance.standing import ADOPTED, BACKED, BOGUS, ORPHAN, Running
from migrate.terminal import in_cell, printable

_HOW = {
    BACKED: "runs as {}",
    ADOPTED: "adopted: {} runs, which the next restart deletes",
    BOGUS: "bogus: {} runs, of a factory that there is not",
}


def of_file(file: FileState) -> str:
    """What the instance makes of a file, in one line."""
    state = file.state or "not in the installer"
    # As with the instance's own column: the factory PID says no more than the kind.
    pid = (file.pid or "").removeprefix(PROVIDER).removeprefix(CUSTOMIZER)
    runs = _HOW[file.how].format(printable(pid)) if file.how else "nothing runs because of it"
    if file.how == BACKED and not file.is_seen:
        runs += ", a configuration of its own, which AEM does not take for an instance"
    node = "a node, " if file.is_node else ""
    differs = f"; runs otherwise: {', '.join(map(printable, file.differs))}" if file.differs else ""
    return f"{node}{state}, {runs}{differs}"


def lines(name: str, found: InstanceScan) -> Iterator[str]:
    """Versions, Adobe's way, and what runs without a file of its own."""
    product = f"AEM {found.product}, " if found.product else ""
    builds = ", ".join(f"{bundle} {version}" for bundle, version in found.bundles.items())
    yield f"{printable(name)}: {product}{found.way.message}"
    if builds:
        yield f"  bundles: {printable(builds)}"
    if found.run_modes is not None:
        yield f"  run modes: {printable(', '.join(found.run_modes))}"
    if found.closed is not None:
        yield f"  what runs is not known: {printable(found.closed)}"
    for running in found.running:
        if running.how not in (BACKED, ADOPTED) and running.path is None:
            yield f"  {_running(running, found)}"


def _running(running: Running, found: InstanceScan) -> str:
    kind = "provider" if running.is_provider else "customizer"
    state = found.states.get(running.live.pid)
    words = {ORPHAN: "orphan", BOGUS: "bogus"}
    said = ", ".join(filter(None, (kind, printable(running.integration or ""), state)))
    return f"{words.get(running.how, 'without a file')}: {printable(running.live.pid)} ({said})"


def markdown(name: str, found: InstanceScan) -> str:
    """The same for a ticket, with everything that runs."""
    parts = [f"\n## {printable(name)}\n\n"]
    parts += [
        f"- {in_cell(line.strip())}\n" for line in lines(name, found) if not line.startswith("  bundles")
    ]
    if found.running:
        parts.append("\n| runs | kind | name | state | because of |\n|---|---|---|---|---|\n")
        for one in found.running:
            kind = "provider" if one.is_provider else "customizer"
            state = found.states.get(one.live.pid, "-")
            cells = (one.live.pid, kind, one.integration or "-", state, one.path or one.how)
            parts.append("| " + " | ".join(in_cell(cell) for cell in cells) + " |\n")
    parts.append("\n| bundle | version |\n|---|---|\n")
    parts += [f"| {in_cell(bundle)} | {in_cell(version)} |\n" for bundle, version in found.bundles.items()]
    return "".join(parts)
