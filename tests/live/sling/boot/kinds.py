"""Which Slings there are, and what each is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FACTORY_CONFIGURATION = "org.apache.sling:org.apache.sling.installer.factory.configuration:"
JMX_RESOURCES = "org.apache.sling:org.apache.sling.jmx.provider:1.0.2"


@dataclass(frozen=True)
class Kind:
    """One Sling.

    Attributes:
        name: what tests and people call it.
        starter: which Apache Sling Starter it is made of.
        factory_configuration: the build that decides which configuration a file name means.
    """

    name: str
    starter: Literal[11, 12]
    factory_configuration: str


AEM65 = Kind("aem65", 11, "1.3.4")
SLING12 = Kind("sling12", 12, "1.4.2")
SLING12N = Kind("sling12n", 12, "1.4.10")

KINDS = {kind.name: kind for kind in (AEM65, SLING12, SLING12N)}

UNNEEDED = (
    *(
        "antlr4-runtime",
        "attoparser",
        "commons-httpclient",
        "commons-math",
        "composum-",
        "fontbox",
        "freemarker",
    ),
    *(
        "geronimo-atinject",
        "geronimo-saaj",
        "geronimo-ws-metadata",
        "groovy",
        "jackrabbit-jcr-rmi",
        "jackson-",
    ),
    *("javassist", "jempbox", "jstl", "mail", "pdfbox", "stax-ex", "tika-parsers", "unbescape"),
    *("org.apache.felix.bundlerepository", "org.apache.felix.healthcheck.", "org.apache.felix.prefs"),
    *("org.apache.felix.webconsole.plugins.memoryusage", "org.apache.felix.webconsole.plugins.obr"),
    *(
        "org.apache.servicemix.bundles.",
        "org.apache.servicemix.specs.jaxws",
        "org.apache.servicemix.specs.saaj",
    ),
    *("org.apache.sling.caconfig.", "org.apache.sling.commons.fsclassloader", "org.apache.sling.discovery."),
    *("org.apache.sling.event", "org.apache.sling.extensions.threaddump", "org.apache.sling.fsresource"),
    *("org.apache.sling.extensions.webconsolebranding", "org.apache.sling.hc.", "org.apache.sling.i18n"),
    *(
        "org.apache.sling.installer.hc",
        "org.apache.sling.jcr.maintenance",
        "org.apache.sling.jcr.registration",
    ),
    *("org.apache.sling.jcr.webconsole", "org.apache.sling.models.", "org.apache.sling.resource.filter"),
    *(
        "org.apache.sling.sample.",
        "org.apache.sling.scripting.el-api",
        "org.apache.sling.scripting.freemarker",
    ),
    *("org.apache.sling.scripting.javascript", "org.apache.sling.scripting.jsp"),
    *("org.apache.sling.scripting.sightly", "org.apache.sling.scripting.thymeleaf"),
    *("org.apache.sling.serviceuser.webconsole", "org.apache.sling.starter.", "org.apache.sling.validation."),
)
"""What the names of bundles begin with that nothing in the tests' way needs: half of a Starter, and of its start."""

RANDOM_NAMES = "org.apache.jackrabbit.oak.security.user.RandomAuthorizableNodeName"
"""Its configuration is left out, so that a user's node has the user's name, as on AEM."""
