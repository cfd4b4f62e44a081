"""Interim: the functions of migrate.apply under the name they will have."""

from migrate.apply import ApplyError, Kind, Run, RunInfo, advice, execute, interrupted, list_runs, resume

__all__ = ["ApplyError", "Kind", "Run", "RunInfo", "advice", "execute", "interrupted", "list_runs", "resume"]
