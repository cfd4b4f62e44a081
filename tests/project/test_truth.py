"""Nothing of ours is false by accident: a class that can be counted says itself what its truth is."""

from __future__ import annotations

import ast

from tests.places import ROOT


def methods(node: ast.ClassDef) -> set[str]:
    return {part.name for part in node.body if isinstance(part, ast.FunctionDef)}


def test_what_has_a_length_says_whether_it_is_true() -> None:
    seen = []
    for path in (*(ROOT / "grammar").rglob("*.py"), *(ROOT / "migrate").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ClassDef) and "__len__" in methods(node):
                seen.append(node.name)
                assert "__bool__" in methods(node), (path, node.name)
    assert "Document" in seen
