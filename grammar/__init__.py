"""OSGi configurations as text: lossless documents, typed values, and what AEM's readers make of them.

>>> import grammar
>>> document = grammar.parse(b'scope="openid"\\n')
>>> document["scope"].value.text
'openid'
>>> document.with_value("scope", grammar.Value.string("openid, AdobeID")).source
b'scope="openid,\\\\ AdobeID"\\n'
>>> grammar.parse(b'{"scope": "openid"}', "com.example.Service.cfg.json").form
'cfg.json'

Everything public is importable from here; it is loaded when it is first used, because a command that only
prints its version should not wait for three parsers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grammar.config.document import ConfigDocument
    from grammar.config.writer import write_config
    from grammar.documents import Document, Loaded, Property
    from grammar.errors import EditError, FormError, GrammarError, ParseError
    from grammar.forms import form_of, load_all, parse
    from grammar.pids import InstallerBuild, Pid
    from grammar.values import Float32, Float64, Shape, Value

__all__ = [
    "ConfigDocument",
    "Document",
    "EditError",
    "Float32",
    "Float64",
    "FormError",
    "GrammarError",
    "InstallerBuild",
    "Loaded",
    "ParseError",
    "Pid",
    "Property",
    "Shape",
    "Value",
    "form_of",
    "load_all",
    "parse",
    "write_config",
]

_HOMES = {
    "ConfigDocument": "config.document",
    "write_config": "config.writer",
    "Document": "documents",
    "Loaded": "documents",
    "Property": "documents",
    "EditError": "errors",
    "FormError": "errors",
    "GrammarError": "errors",
    "ParseError": "errors",
    "form_of": "forms",
    "load_all": "forms",
    "parse": "forms",
    "InstallerBuild": "pids",
    "Pid": "pids",
    "Float32": "values",
    "Float64": "values",
    "Shape": "values",
    "Value": "values",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'grammar' has no attribute {name!r}")
    return getattr(import_module(f"grammar.{_HOMES[name]}"), name)
