"""A configuration of what AEM 6.5 LTS has no more.

Source: Adobe, "List of Obsolete Bundles Uninstalled After the Upgrade" (AEM 6.5 LTS). Their packages, so that nothing
else is met; of `cq-commerce` and `cq-dam-pim` the packages are shared with what is still there.
"""

from __future__ import annotations

from collections.abc import Iterator

from grammar.hazards import Hazard
from migrate.lint.checks import Check, Subject
from migrate.lint.rule import WARNING

_GONE = {
    "com.adobe.cq.social.": "AEM Communities",
    "com.adobe.cq.screens.": "AEM Screens",
    "com.adobe.cq.sample.we.retail.": "We.Retail",
    "we.retail.": "We.Retail",
    "com.adobe.granite.socketio.": "Socket.IO",
    "com.adobe.cq.searchpromote.": "Search&Promote",
    "com.day.cq.searchpromote.": "Search&Promote",
    "org.apache.jackrabbit.oak.plugins.index.solr.": "Oak's Solr index",
}
_WITHOUT = ("aem65-lts", "cloud")
_ADD_ONS = ("com.adobe.cq.screens.",)
"""What may be added to the Cloud Service: AEM Screens as a Cloud Service."""


def _of_one(subject: Subject) -> Iterator[Hazard]:
    for package, title in _GONE.items():
        if subject.node.startswith(package) and not (subject.platform.id == "cloud" and package in _ADD_ONS):
            message = f"{subject.platform.title} has {title} no more: nothing reads this configuration"
            yield Hazard("", 1, 1, message, "Remove the file")


CHECK = Check(WARNING, "a configuration of what AEM has no more", of_one=_of_one, platforms=_WITHOUT)
