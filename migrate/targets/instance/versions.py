"""What runs: bundles, the product where the instance tells it, run modes; and Adobe's way for that product.

The ways are those of Adobe's pages: from service pack 21 on with a hotfix, and on 6.5 LTS, the user interface replaces
the edit of files (config-smart-tagging.md); from 11 to 20 the compatibility package brings OAuth (KA-24660); below
there is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from grammar import patterns
from migrate.targets.instance.errors import InstanceError, Rule

if TYPE_CHECKING:
    from migrate.targets.instance.session import Session

FACTORY_CONFIGURATION = "org.apache.sling.installer.factory.configuration"
TOLD = (
    FACTORY_CONFIGURATION,
    "org.apache.sling.installer.provider.jcr",
    "org.apache.sling.installer.core",
    "org.apache.felix.configadmin",
    "org.apache.felix.webconsole",
    "org.apache.sling.servlets.post",
    "org.apache.jackrabbit.oak-core",
    "org.apache.jackrabbit.vault",
)
"""The bundles that decide how a migration goes, by their symbolic names; Adobe's own are found by their last parts."""
_ADOBES = ("ims.core", "auth.oauth", "auth.ims", "similaritysearch", "smartcontent")
_PRODUCT = patterns.lazy(r"Adobe Experience Manager(?:\s+\(|,\s+version\s+)(\d+(?:\.\d+)*)")
_RUN_MODES = patterns.lazy(r"^\s*Run Modes = \[([^\]]*)\]", re.MULTILINE)
_PRODUCT_PAGES = ("/system/console/status-productinfo.txt", "/system/console/productinfo")
_SETTINGS = "/system/console/status-slingsettings.txt"
_BUNDLES = "/system/console/bundles.json"
_LTS = (6, 6)


class Versions(NamedTuple):
    """What runs.

    Attributes:
        bundles: versions of the bundles that matter, by symbolic name.
        product: AEM's version, ``6.5.21.0``; None where the instance does not tell.
        run_modes: the active ones; None where the instance does not tell.
        is_settled: whether all bundles have started.
    """

    bundles: Mapping[str, str]
    product: str | None
    run_modes: frozenset[str] | None
    is_settled: bool

    @property
    def factory_configuration(self) -> str | None:
        """The build that decides which configuration a file name means."""
        return self.bundles.get(FACTORY_CONFIGURATION)


class Way(NamedTuple):
    """How Adobe moves an AEM of some version to OAuth.

    Attributes:
        id: ``ui``, ``files``, ``none`` or ``unknown``.
        message: it in one line.
    """

    id: str
    message: str


def way(product: str | None) -> Way:
    """Adobe's documented way for a version of AEM."""
    if product is None:
        return Way("unknown", "the instance does not tell AEM's version")
    numbers = tuple(int(part) for part in product.split("."))
    if numbers[:2] == _LTS:
        message = (
            "AEM 6.5 LTS: Tools > Security > Adobe IMS Configurations replaces these files and deletes them"
        )
        return Way("ui", message)
    if numbers[:2] != (6, 5):
        return Way("unknown", f"AEM {product}: no way of Adobe's is known to slingshift")
    pack = numbers[2] if len(numbers) > 2 else 0
    if pack > 20:
        message = (
            f"service pack {pack}: with hotfix 40772, Tools > Security > Adobe IMS Configurations replaces these files "
            "and deletes them; without it the files are edited"
        )
        return Way("ui", message)
    if pack > 10:
        message = f"service pack {pack}: the files are edited, once the compatibility package of KA-24660 is installed"
        return Way("files", message)
    name = f"service pack {pack}" if pack else "no service pack"
    return Way("none", f"{name}: Adobe supports OAuth from service pack 11 on; update AEM first")


def read(session: Session) -> Versions:
    """What runs.

    Raises:
        InstanceError: the console does not answer, or not us.
    """
    found = session.json(_BUNDLES)
    data, counts = (found.get("data"), found.get("s")) if isinstance(found, dict) else (None, None)
    if not isinstance(data, list) or not all(isinstance(one, dict) for one in data):
        message = "not the list of bundles that the web console gives there"
        raise InstanceError(Rule.NOT_AS_EXPECTED, session.where(_BUNDLES), message, "Check the address")
    bundles = {
        name: str(one.get("version", ""))
        for one in data
        if (name := str(one.get("symbolicName", ""))) in TOLD or _is_adobes(name)
    }
    settings = _page_if_there(session, _SETTINGS)
    modes = _RUN_MODES.search(settings)
    return Versions(
        dict(sorted(bundles.items())),
        _product(session),
        frozenset(part.strip() for part in modes[1].split(",") if part.strip()) if modes else None,
        _all_started(counts),
    )


def _is_adobes(name: str) -> bool:
    return name.startswith("com.") and any(name.endswith(end) for end in _ADOBES)


def _all_started(counts: object) -> bool:
    """`s` is all, active, fragments, resolved, installed; some are never started, and then it is not known."""
    if not isinstance(counts, list) or len(counts) < 3:
        return True
    total, active, fragments = counts[:3]
    return bool(active + fragments == total)


def _product(session: Session) -> str | None:
    for page in _PRODUCT_PAGES:
        if found := _PRODUCT.search(_page_if_there(session, page)):
            return found[1]
    return None


def _page_if_there(session: Session, path: str) -> str:
    answer = session.get_if_there(path)
    return answer.text if answer is not None else ""
