"""Files of a folder: read, staged, switched and removed without following a symbolic link; and locks on files.

`base` says what a folder does, `posix` and `windows` do it: by descriptor where the system holds folders open, by path
where it does not; `syncing` makes many files durable at once. Knows no run and no journal. Everything here speaks in
OSError; the callers know the path that a person should read.
"""

from __future__ import annotations

import sys

from migrate.runs.disk.base import Folder as Folder
from migrate.runs.disk.base import Meta as Meta
from migrate.runs.disk.base import Seen as Seen
from migrate.runs.disk.base import chunks as chunks
from migrate.runs.disk.base import digest as digest
from migrate.runs.disk.base import write_all as write_all
from migrate.runs.disk.opening import Folders as Folders
from migrate.runs.disk.opening import folder as folder
from migrate.targets import system

if sys.platform != "win32" and system.HOLDS_FOLDERS:
    from migrate.runs.disk.posix import lock as lock
    from migrate.runs.disk.posix import make_private as make_private
    from migrate.runs.disk.posix import replace as replace
    from migrate.runs.disk.posix import settle as settle
else:
    from migrate.runs.disk.windows import lock as lock
    from migrate.runs.disk.windows import make_private as make_private
    from migrate.runs.disk.windows import replace as replace
    from migrate.runs.disk.windows import settle as settle
