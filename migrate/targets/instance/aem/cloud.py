"""The legacy cloud service pages of smart tags: where the service is, and once more the credential."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from migrate.integration.secret import Secret

if TYPE_CHECKING:
    from migrate.targets.instance.files import Files

FOLDER = "/etc/cloudservices/smarttagging"
_CONTENT = "jcr:content"


class CloudService(NamedTuple):
    """A page below FOLDER; its properties as its dialog has them, empty where it has none.

    Attributes:
        path: the page.
        service_url: where the Smart Content Service is.
        auth_server: where its tokens come from.
        api_key: the client id.
        technical_account: its id.
        org_id: the organisation.
        secret: the client secret as it stands there, encrypted as a rule.
    """

    path: str
    service_url: str
    auth_server: str
    api_key: str
    technical_account: str
    org_id: str
    secret: Secret


def read(files: Files) -> list[CloudService]:
    """The pages, sorted by path; none where there are none, or none that we may see.

    Raises:
        InstanceError: the instance cannot be used.
    """
    return list(_below(files, FOLDER))


def _below(files: Files, path: str) -> Iterator[CloudService]:
    for name, node in sorted((files.children(path) or {}).items()):
        if name == _CONTENT or node.type not in ("cq:Page", "sling:Folder", "sling:OrderedFolder"):
            continue
        content = files.node(f"{path}/{name}/{_CONTENT}")
        # The folder is a page itself, and one without a service says nothing.
        if content is not None and {"serviceUrl", "apiKey"} & content.properties.keys():
            yield _page(f"{path}/{name}", content.properties)
        yield from _below(files, f"{path}/{name}")


def _page(path: str, properties: Mapping[str, Any]) -> CloudService:
    def text(name: str) -> str:
        value = properties.get(name)
        return value if isinstance(value, str) else ""

    return CloudService(
        path,
        text("serviceUrl"),
        text("authServerUrl"),
        text("apiKey"),
        text("techAcctId"),
        text("orgId"),
        Secret(text("clientSecret")),
    )
