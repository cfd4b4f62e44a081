"""What the parser of AEM says of what is no XML, as FileVault 3.2.8 reported it on Java 17."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grammar.errors import ParseError
from grammar.xml import docview
from grammar.xml.markup.complaints import complaint

CUT_OFF = "XML document structures must start and end within the same entity"
TRAILING = "Content is not allowed in trailing section"
FOLLOWED = 'Element type "r" must be followed by either attribute specifications, ">" or "/>"'
SAID = {
    "": "Premature end of file",
    "<r><a></b></r>": 'The element type "a" must be terminated by the matching end-tag "</a>"',
    "<r>": CUT_OFF,
    '<r p="1': CUT_OFF,
    '<r p="1"': CUT_OFF,
    "<r><!-- x": CUT_OFF,
    "<r></r": CUT_OFF,
    "<r><![CDATA[</r>": CUT_OFF,
    "<r/>x": TRAILING,
    "<r/>&amp;": TRAILING,
    "<r></r>\0": TRAILING,
    "<r/><a/>": "The markup in the document following the root element must be well-formed",
    '<r p="1" p="2"/>': 'Attribute "p" was already specified for element "r"',
    '<r p="&#0;"/>': 'Character reference "&#0" is an invalid XML character',
    '<r p="&#x1;"/>': 'Character reference "&#x1" is an invalid XML character',
    '<r p="<"/>': 'The value of attribute "p" associated with an element type "r" must not contain the \'<\' character',
    "<r p=x/>": 'Open quote is expected for attribute "p" associated with an  element type  "r"',
    "<r p/>": 'Attribute name "p" associated with an element type "r" must be followed by the \' = \' character',
    '<r p="&"/>': "The entity name must immediately follow the '&' in the entity reference",
    '<r p="1"q="2"/>': FOLLOWED,
    '<r p="a"b"/>': FOLLOWED,
    '<r 1a="x"/>': FOLLOWED,
    "<r><!-- a -- b --></r>": 'The string "--" is not permitted within comments',
    "<r><</r>": "The content of elements must consist of well-formed character data or markup",
    ' <?xml version="1.0"?><r/>': 'The processing instruction target matching "[xX][mM][lL]" is not allowed',
    "<r>]]></r>": (
        'The character sequence "]]>" must not appear in content unless used to mark the end of a CDATA section'
    ),
}
"""To the full stop, which is left out."""
SHORTER = {
    '<r p="&s3cret;"/>': "An entity was referenced, but not declared",
    '<r p="a&s3cret"/>': "The reference to an entity must end with the ';' delimiter",
    '<r x:p="1"/>': "The prefix of an element or of one of its attributes is not bound",
    '<r p="\x01"/>': "An invalid XML character (Unicode: 0x1) was found",
}
"""Where the parser says more."""


@pytest.mark.parametrize(("text", "said"), [*SAID.items(), *SHORTER.items()])
def test_what_is_said(text: str, said: str) -> None:
    with pytest.raises(ParseError) as caught:
        docview.read(text)
    assert caught.value.rule == "xml-malformed"
    assert caught.value.message == f"not well-formed XML ({said}): the import stops here, or fails as a whole"


@given(st.text(alphabet="<>/rp=\"' &;#x1-![]?\n\x01é😀", max_size=25))
def test_python_is_never_quoted(text: str) -> None:
    for whole in (text, f"<r>{text}", f"<r p={text}/>"):
        try:
            docview.read(whole)
        except ParseError as error:
            assert "token" not in error.message
            assert "junk" not in error.message


def test_a_long_name_is_looked_at_once() -> None:
    """It took the square of its length."""
    text = f"<r {'b' * 9_900}=   \x01"
    said = complaint(text, len(text) - 1, "not well-formed (invalid token)", "r", is_after_root=False)
    assert said == "An invalid XML character (Unicode: 0x1) was found."
