"""filter.xml: what it imports, and how it follows a rename without moving another byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.targets.errors import PackageError
from migrate.targets.vault.filter import Filter, ImportMode, VaultError

CONFIG = "/apps/x/config"
OLD = f"{CONFIG}/com.example.F.123.config"
NEW = f"{CONFIG}/com.example.F-123.config"
OTHER = f"{CONFIG}/com.example.G.config"


def workspace(*filters: str) -> bytes:
    body = "\n".join(f"    {text}" for text in filters)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<workspaceFilter version="1.0">'
    return f"{head}\n{body}\n</workspaceFilter>\n".encode()


def parse(*filters: str) -> Filter:
    return Filter.parse(workspace(*filters))


def root(path: str, *patterns: str, mode: str = "") -> str:
    attribute = f' mode="{mode}"' if mode else ""
    return f'<filter root="{path}"{attribute}>{"".join(patterns)}</filter>'


def include(pattern: str) -> str:
    return f'<include pattern="{pattern}"/>'


def exclude(pattern: str) -> str:
    return f'<exclude pattern="{pattern}"/>'


COVERS = [
    ([root("/apps/x")], OLD, ImportMode.REPLACE),
    ([root("/apps/x/")], OLD, ImportMode.REPLACE),
    ([root("/apps/x")], "/apps/x", ImportMode.REPLACE),
    ([root("/apps/x")], "/apps/xy", None),
    ([root("/")], OLD, ImportMode.REPLACE),
    (["<filter/>"], OLD, ImportMode.REPLACE),
    ([], OLD, None),
    ([root(OLD)], OLD, ImportMode.REPLACE),
    ([root(OLD)], NEW, None),
    ([root(OLD)], f"{OLD}/jcr:content", ImportMode.REPLACE),
    ([root("/apps/x", mode="merge")], OLD, ImportMode.MERGE),
    ([root("/apps/x", mode="MERGE")], OLD, ImportMode.MERGE),
    ([root("/apps/x", mode="update")], OLD, ImportMode.UPDATE),
    ([root("/apps/x", mode="merge_properties")], OLD, ImportMode.MERGE_PROPERTIES),
    ([root("/apps/x", mode="update_properties")], OLD, ImportMode.UPDATE_PROPERTIES),
    ([root("/apps/x", mode="replace")], OLD, ImportMode.REPLACE),
    ([root("/apps/x", include(r".*\.config"))], OLD, ImportMode.REPLACE),
    ([root("/apps/x", include(r".*\.xml"))], OLD, None),
    ([root("/apps/x", exclude(r".*\.xml"))], OLD, ImportMode.REPLACE),
    ([root("/apps/x", exclude(r".*\.config"))], OLD, None),
    ([root("/apps/x", exclude(r".*"), include(r".*G.*"))], OLD, None),
    ([root("/apps/x", exclude(r".*"), include(r".*G.*"))], OTHER, ImportMode.REPLACE),
    ([root("/apps/x", include(r".*"), exclude(r".*G.*"))], OTHER, None),
    # The first root above the path gives the mode, another one may include it (WorkspaceFilter.getImportMode).
    ([root("/apps/x", exclude(".*"), mode="merge"), root(OLD)], OLD, ImportMode.MERGE),
    # Patterns of properties say nothing about nodes.
    ([root("/apps/x", '<include pattern=".*/p" matchProperties="true"/>')], OLD, ImportMode.REPLACE),
]


@pytest.mark.parametrize(("filters", "path", "expected"), COVERS)
def test_covers(filters: list[str], path: str, expected: ImportMode | None) -> None:
    assert parse(*filters).covers(path) is expected


@pytest.mark.parametrize(
    "filters",
    [
        [root("/apps/x")],
        [root("/apps/y")],
        [root(OLD), root(NEW)],
        [root("/apps/x", include(r".*\.config"))],
        [root("/apps/x", exclude(r".*\.config"))],
        [root("/apps/x", include(r".*/com\.example\.F.123\.config"))],
        [root(OTHER)],
        [],
    ],
)
def test_a_filter_that_treats_both_names_alike_stays_as_it_is(filters: list[str]) -> None:
    before = parse(*filters)
    assert before.follow_rename(OLD, NEW) is before


FOLLOWED = {
    "root": ([root(OLD)], [root(OLD), root(NEW)]),
    "root with a final slash": ([root(f"{OLD}/")], [root(f"{OLD}/"), root(NEW)]),
    "root below the node": (
        [root(OLD), root(f"{OLD}/jcr:content")],
        [root(OLD), root(NEW), root(f"{OLD}/jcr:content"), root(f"{NEW}/jcr:content")],
    ),
    "root among others": (
        [root("/a"), root(OLD), root("/b")],
        [root("/a"), root(OLD), root(NEW), root("/b")],
    ),
    "root with patterns": (
        [root(OLD, include(f"{OLD}(/.*)?"), exclude(".*/x"))],
        [
            root(OLD, include(f"{OLD}(/.*)?"), exclude(".*/x")),
            root(NEW, include(f"{NEW}(/.*)?"), exclude(".*/x")),
        ],
    ),
    "root that only names the new one": ([root(NEW)], [root(NEW), root(OLD)]),
    "include in the spelling of the file": (
        [root("/apps/x", include(r".*/com\.example[.]F\.123\.config(/.*)?"))],
        [
            root(
                "/apps/x",
                include(r".*/com\.example[.]F\.123\.config(/.*)?"),
                include(r".*/com\.example[.]F-123\.config(/.*)?"),
            )
        ],
    ),
    "include without content": (
        [root("/apps/x", include(r".*/com\.example\.F\.123\.config"))],
        [
            root(
                "/apps/x",
                include(r".*/com\.example\.F\.123\.config"),
                include(r".*/com\.example\.F-123\.config"),
            )
        ],
    ),
    "include that spells a part": (
        [root("/apps/x", include(r".*/.*\.F\.1.*"))],
        [
            root(
                "/apps/x",
                include(r".*/.*\.F\.1.*"),
                include(r"/apps/x/config/com\.example\.F-123\.config(/.*)?"),
            )
        ],
    ),
    "include that spells the node only by a part": (
        [root("/apps/x", include(r".*/.*\.F\.123[.]config"))],
        [
            root(
                "/apps/x",
                include(r".*/.*\.F\.123[.]config"),
                include(r"/apps/x/config/com\.example\.F-123\.config"),
            )
        ],
    ),
    "exclude likewise": (
        [root("/apps/x", exclude(r".*/com\.example\.F\.123\.config"))],
        [
            root(
                "/apps/x",
                exclude(r".*/com\.example\.F\.123\.config"),
                exclude(r".*/com\.example\.F-123\.config"),
            )
        ],
    ),
    "exclude of the new name": (
        [root("/apps/x", exclude(r".*/com\.example\.F-123\.config(/.*)?"))],
        [
            root(
                "/apps/x",
                exclude(r".*/com\.example\.F-123\.config(/.*)?"),
                include(r"/apps/x/config/com\.example\.F-123\.config(/.*)?"),
            )
        ],
    ),
    "a later exclude takes the new name out": (
        [root("/apps/x", include(r".*/com\.example\.F\.123\.config"), exclude(".*-.*"))],
        [
            root(
                "/apps/x",
                include(r".*/com\.example\.F\.123\.config"),
                exclude(".*-.*"),
                include(r".*/com\.example\.F-123\.config"),
            )
        ],
    ),
    "patterns of properties": (
        [root("/apps/x", r'<exclude pattern=".*/com\.example\.F\.123\.config/p" matchProperties="true"/>')],
        [
            root(
                "/apps/x",
                r'<exclude pattern=".*/com\.example\.F\.123\.config/p" matchProperties="true"/>',
                r'<exclude pattern=".*/com\.example\.F-123\.config/p" matchProperties="true"/>',
            )
        ],
    ),
}


@pytest.mark.parametrize("case", FOLLOWED)
def test_follow_rename(case: str) -> None:
    before, after = FOLLOWED[case]
    followed = parse(*before).follow_rename(OLD, NEW)
    assert followed.source == workspace(*after)
    assert followed.covers(OLD) == followed.covers(NEW)
    assert followed.follow_rename(OLD, NEW) is followed


def test_layout_quotes_line_ends_and_comments_are_kept() -> None:
    source = (
        "\ufeff<?xml version='1.0'?>\r\n<!-- ours -->\r\n<workspaceFilter version='1.0'\r\n>\r\n"
        f"\t<filter mode='replace'\r\n\t\troot = '{OLD}' > <!-- why -->\r\n"
        "\t\t<include   pattern='/apps/x/config/com.example.F\\.123.config'></include>\r\n\t</filter>\r\n"
        "</workspaceFilter><!-- end -->"
    )
    followed = Filter.parse(source.encode()).follow_rename(OLD, NEW).source.decode()
    twin = (
        f"\r\n\t<filter mode='replace'\r\n\t\troot = '{NEW}' > <!-- why -->\r\n"
        "\t\t<include   pattern='/apps/x/config/com.example.F-123.config'></include>\r\n\t</filter>"
    )
    assert followed == source.replace("</filter>", f"</filter>{twin}")


def test_new_names_are_written_as_the_encoding_and_the_quotes_need() -> None:
    old, new = "/apps/x/F.1", "/apps/x/F-'&ä1"
    source = f"<?xml version='1.0' encoding='ISO-8859-1'?><workspaceFilter><filter root='{old}'/></workspaceFilter>"
    followed = Filter.parse(source.encode()).follow_rename(old, new)
    assert b"<filter root='/apps/x/F.1'/><filter root='/apps/x/F-&apos;&amp;\xe41'/>" in followed.source
    assert followed.covers(new) is ImportMode.REPLACE


def test_a_pattern_that_cannot_be_judged_refuses_only_where_it_decides() -> None:
    found = parse(root("/apps/x", include("(?i)/APPS/.*")), root("/apps/y"))
    assert found.covers("/apps/y/a") is ImportMode.REPLACE
    with pytest.raises(VaultError) as caught:
        found.follow_rename(OLD, NEW)
    assert str(caught.value) == (
        '<bytes>:3:28: whether the pattern "(?i)/APPS/.*" matches /apps/x/config/com.example.F.123.config is not '
        "certain: a group that starts with (?i). Write it with plain Java regular expression syntax, or edit "
        "filter.xml by hand"
    )
    assert parse(root("/apps/x", include("(?i).*"), exclude(".*"))).covers(OLD) is None
    assert parse(root("/apps/x", include("(?i).*")), root(OLD)).covers(OLD) is ImportMode.REPLACE


def test_a_rename_across_roots_that_cannot_be_followed_is_refused() -> None:
    found = parse(root("/apps/x/config", include(".*F.*")))
    with pytest.raises(VaultError, match="cannot be made to follow the rename of") as caught:
        found.follow_rename(OLD, "/apps/y/com.example.F-123.config")
    assert caught.value.rule == "filter-rename"


def test_edit_problems() -> None:
    assert parse(root("/apps/x")).edit_problems(OLD) == ()
    assert parse(root("/apps/x", mode="update")).edit_problems(OLD) == ()
    (problem,) = parse(root("/apps/y")).edit_problems(OLD)
    assert problem.rule == "filter-not-covered"
    assert problem.message == f"filter.xml does not cover {OLD}: AEM never imports it from this package"
    for mode in ("merge", "merge_properties"):
        (problem,) = parse(root("/apps/x", mode=mode)).edit_problems(OLD)
        assert problem.rule == "filter-mode-merge"
        assert problem.message == (
            f'filter.xml imports {OLD} with mode="{mode}": where it is already there, an edited value never '
            'arrives. Use mode="replace", or change the instance itself'
        )


def test_rename_problems() -> None:
    assert parse(root("/apps/x")).rename_problems(OLD, NEW) == ()
    assert parse(root("/apps/y")).rename_problems(OLD, NEW) == ()
    for mode in ("merge", "merge_properties", "update", "update_properties"):
        (problem,) = parse(root("/apps/x", mode=mode)).rename_problems(OLD, NEW)
        assert problem.rule == "filter-mode-keeps-old"
        assert problem.message == (
            f'filter.xml imports {OLD} with mode="{mode}", which deletes nothing: {OLD} stays beside {NEW} where '
            "it was installed before. Delete it on the instance"
        )


UNREADABLE = {
    "<a/>": ("filter-invalid", "1:1: the root element is <a>, not <workspaceFilter>"),
    "<workspaceFilter version='2'/>": ("filter-invalid", '1:1: version "2" is not supported'),
    "<workspaceFilter version='x'/>": ("filter-invalid", '1:1: version "x" is not supported'),
    "<workspaceFilter version='0x1p1'/>": ("filter-invalid", '1:1: version "0x1p1" is not supported'),
    "<workspaceFilter version='Infinity'/>": ("filter-invalid", '1:1: version "Infinity" is not supported'),
    "<workspaceFilter><x/></workspaceFilter>": ("filter-invalid", "1:18: <x> stands where <filter> belongs"),
    "<workspaceFilter><filter><x pattern='a'/></filter></workspaceFilter>": (
        "filter-invalid",
        "1:26: <x> stands where <include> or <exclude> belongs",
    ),
    "<workspaceFilter><filter><include/></filter></workspaceFilter>": (
        "filter-invalid",
        "1:26: <include> has no pattern",
    ),
    "<workspaceFilter><filter mode='merged'/></workspaceFilter>": (
        "filter-mode-unknown",
        '1:18: mode="merged" is not an import mode',
    ),
    # The words are those of Xerces, which are what AEM's log has.
    "<workspaceFilter>": (
        "xml-malformed",
        "1:18: not well-formed XML (XML document structures must start and end within the same entity)",
    ),
    "": ("xml-malformed", "1:1: not well-formed XML (Premature end of file)"),
    "<workspaceFilter><filter></workspaceFilter>": (
        "xml-malformed",
        'XML (The element type "filter" must be terminated by the matching end-tag "</filter>"); AEM cannot read',
    ),
    "<workspaceFilter/><a/>": (
        "xml-malformed",
        "1:19: not well-formed XML (The markup in the document following the root element must be well-formed)",
    ),
    "<workspaceFilter a='1' a='2'/>": ("xml-malformed", 'Attribute "a" was already specified for element'),
    "<p:workspaceFilter/>": (
        "xml-malformed",
        "not well-formed XML (The prefix of an element or of one of its attributes is not bound)",
    ),
    "<!DOCTYPE workspaceFilter [<!ENTITY a 'b'>]><workspaceFilter/>": (
        "xml-doctype",
        "a document type (<!DOCTYPE ...>) may define entities",
    ),
    "<?xml version='1.0' encoding='utf-16'?><workspaceFilter/>": ("xml-", ""),
    "<?xml version='1.0' encoding='windows-1252'?><workspaceFilter/>": (
        "xml-encoding",
        "1:1: the declared encoding is not the file's own, or is none that is read here. Save the file as UTF-8",
    ),
}


@pytest.mark.parametrize("text", UNREADABLE)
def test_unreadable_filters_are_refused_with_their_place(text: str) -> None:
    rule, message = UNREADABLE[text]
    with pytest.raises(VaultError) as caught:
        Filter.parse(text.encode(), "x/filter.xml")
    assert caught.value.rule.startswith(rule)
    assert str(caught.value).startswith("x/filter.xml:")
    assert message in str(caught.value)


@pytest.mark.parametrize("version", [" 1.0 ", "1", ".5d", "1e0", "0x1p0", "-3f", "NaN"])
def test_a_version_is_what_java_makes_a_double_of(version: str) -> None:
    assert Filter.parse(f"<workspaceFilter version='{version}'/>".encode()).roots == ()


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_stays_utf_16(codec: str) -> None:
    def encoded(*roots: str) -> bytes:
        return workspace(*roots).decode().replace("UTF-8", "UTF-16").encode(codec)

    followed = Filter.parse(encoded(root(OLD))).follow_rename(OLD, NEW)
    assert followed.source == encoded(root(OLD), root(NEW))


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"<workspaceFilter>\n <\xe9/></workspaceFilter>", "2:3"),
        (b"<workspaceFilter>\xc3\xa9\xff</workspaceFilter>", "1:19"),
        (b"<?xml version='1.0' encoding='us-ascii'?>\n<a b='\xe9'/>", "2:7"),
        ("<workspaceFilter>\n".encode("utf-16") + b"\0\xd8", "2:1"),
    ],
)
def test_broken_bytes_are_refused_at_their_place(data: bytes, place: str) -> None:
    with pytest.raises(VaultError, match=rf"^filter.xml:{place}: not well-formed XML \(") as caught:
        Filter.parse(data, "filter.xml")
    assert caught.value.rule == "xml-malformed"


def test_a_huge_file_is_refused_before_it_is_parsed() -> None:
    with pytest.raises(VaultError, match="the file has 16777217 bytes, more than the 16777216 that are read"):
        Filter.parse(b" " * (16 * 1024 * 1024 + 1))


def test_deep_nesting_and_many_roots_end_in_time() -> None:
    with pytest.raises(VaultError):
        Filter.parse(b"<workspaceFilter>" + b"<filter>" * 200_000)
    many = [root(f"/apps/x{number}", include(".*F[.]123.*")) for number in range(3000)]
    followed = parse(*many, root("/apps/x", include(r".*\.F\.123.*"))).follow_rename(OLD, NEW)
    assert followed.covers(NEW) is ImportMode.REPLACE


_NAME = st.text(st.sampled_from("aF.1-~_ %()[]\\$^+&<'\"ü😀"), min_size=1, max_size=8).filter(
    lambda name: name not in (".", "..")
)


@given(_NAME, _NAME, st.sampled_from(["root", "include", "exclude", "quoted"]))
def test_any_two_names_can_be_followed(old_name: str, new_name: str, kind: str) -> None:
    from xml.sax.saxutils import quoteattr

    from migrate.targets.vault.patterns import escape

    old, new = f"/apps/x/{old_name}", f"/apps/x/{new_name}"
    pattern = quoteattr(escape(old) if kind != "quoted" else rf"\Q{old}\E")
    element = "exclude" if kind == "exclude" else "include"
    filters = (
        f"<filter root={quoteattr(old)}/>"
        if kind == "root"
        else f"<filter root='/apps/x'><{element} pattern={pattern}/></filter>"
    )
    before = parse(filters)
    wanted = before.covers(old)
    after = before.follow_rename(old, new)
    assert after.covers(old) is wanted
    assert after.covers(new) is wanted
    inserted = len(after.source) - len(before.source)
    places = range(len(before.source) + 1)
    assert any(after.source[:at] + after.source[at + inserted :] == before.source for at in places)


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for text in (data, workspace(root("/apps/x", include("a"))) + data, workspace().replace(b"1.0", data)):
        try:
            Filter.parse(text)
        except PackageError:
            continue


# What real imports do (tests/live/vault): patterns count for a root and its direct children only.
REACHES = [
    ([root("/apps/x")], True),
    ([root("/apps/y")], False),
    ([root("/")], True),
    ([root(OLD)], True),
    ([root(OLD, exclude(".*"))], True),
    ([root("/apps/x", exclude(r".*\.config"))], True),
    ([root("/apps/x", exclude("/apps/x(/.*)?"))], False),
    ([root("/apps/x", exclude("/apps/x"))], True),
    ([root("/apps/x", include(r".*\.config"))], False),
    ([root("/apps/x", include(r".*\.config"), include("/apps/x/config"))], True),
    ([root("/apps/x/config", include(r".*\.config"))], True),
    ([root("/apps/x", include(r".*\.config")), root(OLD)], True),
]


@pytest.mark.parametrize(("filters", "expected"), REACHES)
def test_reaches(filters: list[str], expected: bool) -> None:
    assert parse(*filters).reaches(OLD) is expected


def test_reaches_says_when_a_pattern_decides_that_is_not_certain() -> None:
    with pytest.raises(VaultError, match="is not certain"):
        parse(root("/apps/x", include("(?i).*"))).reaches(OLD)
    assert parse(root("/apps/x", include("(?i).*")), root(OLD)).reaches(OLD)


def test_excluded_files_arrive_and_excluded_nodes_do_not() -> None:
    found = parse(root("/apps/x", exclude(".*F.*")))
    assert found.edit_problems(OLD) == ()
    (problem,) = found.edit_problems(OLD, node=True)
    assert problem.rule == "filter-excluded"
    assert problem.message == (
        f"filter.xml excludes {OLD}: where this node is already there, an edited value never arrives. Include it, "
        "or change the instance itself"
    )


def test_an_excluded_old_name_stays() -> None:
    (problem,) = parse(root("/apps/x", exclude(".*F.*"))).rename_problems(OLD, NEW)
    assert problem.rule == "filter-excluded"
    assert problem.message == (
        f"filter.xml excludes {OLD}, and an import deletes only what it includes: {OLD} stays beside {NEW} where "
        "it was installed before. Delete it on the instance"
    )
