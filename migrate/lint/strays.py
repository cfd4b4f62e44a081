"""XML in a folder that the installer watches and that is of another kind, by what it says."""

from __future__ import annotations

from grammar import patterns

_FOLDER_TYPES = patterns.lazy(
    rb"""jcr:primaryType\s*=\s*["'](?:sling:(?:Ordered)?Folder|nt:(?:folder|file)|sling:OsgiConfig|rep:\w+)["']"""
)
_REWRITER = patterns.lazy(r"/config/rewriter(?:/|\.xml\Z)")
"""Where Sling's rewriter looks for its pipelines, and nowhere else."""


def is_other_node(path: str, data: bytes) -> bool:
    """Whether XML describes a node that is neither a folder nor a configuration, and belongs elsewhere."""
    if b"<jcr:root" not in data or b"jcr:primaryType" not in data or _REWRITER.search(path):
        return False
    return _FOLDER_TYPES.search(data) is None
