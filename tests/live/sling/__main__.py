"""Live Slings for people: `python -m tests.live.sling --help`."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.live.sling.boot.errors import BootError
from tests.live.sling.boot.instance import STATE, Instance, fetch
from tests.live.sling.boot.kinds import KINDS
from tests.live.sling.boot.options import NEW_CONFIGURATIONS, Options

LAB = Path(tempfile.gettempdir()) / "slingshift-lab"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.live.sling", description="Boots real Apache Slings."
    )
    parser.add_argument("--lab", type=Path, default=LAB, help=f"where the instances live (default: {LAB})")
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("fetch", help="fetch what the kinds are made of").add_argument("kinds", nargs="*")
    _start_options(verbs.add_parser("start", help="boot a new instance; an older one of that name goes"))
    for verb, text in (
        ("stop", "end it, keep its folder"),
        ("restart", "stop it, start it on the same folder and port"),
        ("kill", "SIGKILL"),
        ("remove", "stop it and remove its folder"),
    ):
        verbs.add_parser(verb, help=text).add_argument("names", nargs="+")
    verbs.add_parser("list", help="what there is")
    given = parser.parse_args(arguments)
    try:
        return _run(given)
    except BootError as error:
        print(error, file=sys.stderr)
        return 1


def _start_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("--name", help="default: the kind")
    parser.add_argument("--context", default="", metavar="/PATH")
    parser.add_argument("--run-modes", default="", metavar="A,B")
    parser.add_argument("--no-writeback", action="store_true")
    parser.add_argument("--writable", nargs="*", default=[NEW_CONFIGURATIONS], metavar="PATH")
    parser.add_argument("--https", choices=("this host", "another host"), default="", help="whom it names")
    parser.add_argument("--plain", action="store_true", help="without the stand-ins for what AEM has")
    parser.add_argument("--memory", default="512m")
    parser.add_argument("-D", dest="properties", action="append", default=[], metavar="KEY=VALUE")


def _run(given: argparse.Namespace) -> int:
    if given.verb == "fetch":
        began = time.monotonic()
        count = sum(fetch(KINDS[name]) for name in given.kinds or KINDS)
        print(f"{count} files fetched in {time.monotonic() - began:.0f} s")
        return 0
    if given.verb == "start":
        return _start(given)
    homes = sorted(path.parent for path in given.lab.glob(f"*/{STATE}"))
    if given.verb == "list":
        for home in homes:
            _tell(Instance.at(home))
        return 0
    for name in given.names:
        if given.lab / name not in homes:
            raise BootError(f"there is no instance {name} in {given.lab}")
        instance = Instance.at(given.lab / name)
        getattr(instance, "stop" if given.verb == "remove" else given.verb)()
        if given.verb == "remove":
            shutil.rmtree(instance.home)
        else:
            _tell(instance)
    return 0


def _start(given: argparse.Namespace) -> int:
    kind = KINDS[given.kind]
    home: Path = given.lab / (given.name or kind.name)
    if (home / STATE).exists():
        Instance.at(home).stop()
        shutil.rmtree(home)
    options = Options(
        context=given.context,
        run_modes=tuple(filter(None, given.run_modes.split(","))),
        writeback=not given.no_writeback,
        writable=tuple(given.writable),
        certificate=given.https,
        stand_ins=() if given.plain else Options.stand_ins,
        memory=given.memory,
        properties=tuple(tuple(text.split("=", 1)) for text in given.properties),
    )
    fetch(kind)
    instance = Instance(kind, home, options)
    instance.start()
    _tell(instance)
    return 0


def _tell(instance: Instance) -> None:
    state = (
        f"pid {instance.process.pid}, {instance.process.memory()} MB" if instance.running else "not running"
    )
    https = f" {instance.https_base}" if instance.https_port else ""
    print(f"{instance.home.name}: {instance.base}{https} ({state}; last start {instance.seconds:.0f} s)")


if __name__ == "__main__":
    raise SystemExit(main())
