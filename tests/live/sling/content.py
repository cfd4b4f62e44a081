"""Content that AEM has: what stands in a repository, as trees for Sling's import. No code of slingshift."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.live.sling.boot.options import SERVICE_USER, SERVICE_USER_PATH

Tree = dict[str, object]

USER = f"/home/users/{SERVICE_USER_PATH}/{SERVICE_USER}"
"""The node of the user whose tokens and keys AEM uses."""

CLOUD_SERVICES = "/etc/cloudservices/smarttagging"
RUNNING_MODEL = "/var/workflow/models/dam/update_asset"
"""The model that workflows run by."""
DESIGN_MODEL = "/conf/global/settings/workflow/models/dam/update_asset"
"""The model as its editor shows it; only what was synchronized runs."""

AUTO_TAG = "com.day.cq.dam.similaritysearch.internal.workflow.process.AutoTagAssetProcess"
THUMBNAILS = "com.day.cq.dam.core.process.ThumbnailProcess"
METADATA = "com.day.cq.dam.core.process.MetadataProcessorProcess"


def cloud_service(values: Mapping[str, str], title: str = "Smart Tags") -> Tree:
    """A page below CLOUD_SERVICES: serviceUrl, authServerUrl, apiKey, techAcctId, orgId, clientSecret."""
    content = {
        "jcr:primaryType": "cq:PageContent",
        "jcr:title": title,
        "cq:template": "/libs/dam/templates/smarttagging",
        "sling:resourceType": "cq/cloudserviceconfigs/components/configpage",
        **values,
    }
    return {"jcr:primaryType": "cq:Page", "jcr:content": content}


@dataclass(frozen=True)
class Step:
    """A step of a workflow model.

    Attributes:
        title: what the editor shows.
        process: the class that does it.
        advance: "Handler Advance": the workflow goes on by itself.
        arguments: more of the step's metadata.
    """

    title: str
    process: str
    advance: bool = True
    arguments: Mapping[str, str | bool] = field(default_factory=dict)


def auto_tag(*, ignore_errors: bool = True, advance: bool = True) -> Step:
    """The step that asks the Smart Content Service, as AEM ships it."""
    arguments = {"IGNORE_SMART_TAG_FLAG": False, "IGNORE_ERRORS": ignore_errors}
    return Step("Smart Tag Assets", AUTO_TAG, advance, arguments)


STEPS = (Step("Process Metadata", METADATA), Step("Process Thumbnails", THUMBNAILS), auto_tag())
"""DAM Update Asset, as far as anybody here looks."""


def running_model(steps: Sequence[Step], title: str = "DAM Update Asset") -> Tree:
    """A model below /var/workflow/models: nodes in their order, and the ways from each to the next."""
    nodes: Tree = {"jcr:primaryType": "nt:unstructured", "node0": _node("Start", "START", {})}
    for number, step in enumerate(steps, 1):
        nodes[f"node{number}"] = _node(step.title, "PROCESS", _metadata(step))
    nodes[f"node{len(steps) + 1}"] = _node("End", "END", {})
    transitions: Tree = {"jcr:primaryType": "nt:unstructured"}
    for number in range(len(steps) + 1):
        transitions[f"node{number}#node{number + 1}"] = {
            "jcr:primaryType": "cq:WorkflowTransition",
            "from": f"node{number}",
            "to": f"node{number + 1}",
        }
    return {
        "jcr:primaryType": "cq:WorkflowModel",
        "sling:resourceType": "cq/workflow/components/model",
        "title": title,
        "metaData": {"jcr:primaryType": "nt:unstructured"},
        "nodes": nodes,
        "transitions": transitions,
    }


def design_model(steps: Sequence[Step], title: str = "DAM Update Asset") -> Tree:
    """A model below /conf: the page that the editor edits."""
    flow: Tree = {"jcr:primaryType": "nt:unstructured", "sling:resourceType": "foundation/components/parsys"}
    for number, step in enumerate(steps):
        kind = (
            "dam/components/workflow/autotagassetprocess"
            if step.process == AUTO_TAG
            else "cq/workflow/components/model/process"
        )
        flow[f"process_{number}"] = {
            "jcr:primaryType": "nt:unstructured",
            "jcr:title": step.title,
            "sling:resourceType": kind,
            "metaData": {"jcr:primaryType": "nt:unstructured", **_metadata(step)},
        }
    content = {
        "jcr:primaryType": "cq:PageContent",
        "jcr:title": title,
        "cq:template": "/libs/cq/workflow/templates/model",
        "sling:resourceType": "cq/workflow/components/pages/model",
        "flow": flow,
    }
    return {"jcr:primaryType": "cq:Page", "jcr:content": content}


def _node(title: str, kind: str, metadata: Tree) -> Tree:
    return {
        "jcr:primaryType": "cq:WorkflowNode",
        "title": title,
        "type": kind,
        "metaData": {"jcr:primaryType": "nt:unstructured", **metadata},
    }


def _metadata(step: Step) -> Tree:
    values: Tree = {"PROCESS": step.process, "PROCESS_AUTO_ADVANCE": str(step.advance).lower()}
    return values | {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in step.arguments.items()
    }


def token_cache(client_id: str, token: str = "{5ca1ab1e}") -> Tree:
    """The node oauth below USER, with a token that AEM has kept (and encrypted) for a client id."""
    return {"jcr:primaryType": "nt:unstructured", f"oauthid-{client_id}": token}


def key_store(alias: str, not_after: str) -> Tree:
    """The node keystore below USER; the certificate's end as AEM tells it in USER.ks.json."""
    certificate = {
        "jcr:primaryType": "nt:unstructured",
        "subject": "CN=smart-content",
        "issuer": "CN=smart-content",
        "notBefore": "Mon Nov 27 12:00:00 UTC 2023",
        "notAfter": not_after,
        "serialNumber": "4711",
    }
    return {"jcr:primaryType": "nt:unstructured", alias: certificate}


def asset(tags: Iterable[str], width: int, height: int) -> Tree:
    """An image."""
    metadata = {
        "jcr:primaryType": "nt:unstructured",
        "dc:format": "image/jpeg",
        "cq:tags": list(tags),
        "tiff:ImageWidth": width,
        "tiff:ImageLength": height,
    }
    return {
        "jcr:primaryType": "dam:Asset",
        "jcr:content": {"jcr:primaryType": "dam:AssetContent", "metadata": metadata},
    }


def folder(children: Mapping[str, Tree], properties: Mapping[str, object] | None = None) -> Tree:
    """A folder of assets; `properties` go to its jcr:content."""
    content = {"jcr:primaryType": "nt:unstructured", **(properties or {})}
    return {"jcr:primaryType": "sling:Folder", "jcr:content": content, **children}
