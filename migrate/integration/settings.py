"""What a migration is asked to do: everything the passes may know besides the configurations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from grammar.pids import InstallerBuild
from migrate.integration.profile import SMART_TAGS, Profile
from migrate.integration.secret import Secret


class Settings(NamedTuple):
    """The inputs of a plan.

    Attributes:
        profile: the integration and its desired state.
        client_id: the OAuth credential's client id; None keeps what an already migrated file has.
        org_id: the organisation, ``...@AdobeOrg``; None likewise.
        secret: the client secret; None likewise.
        prefer: which file wins when ``F.N`` and ``F-N`` both stand: ``"old"``, ``"new"``, or None to refuse.
        pick: file name of the provider to take when several match; None to refuse.
        create_in: folder, relative to the target, in which the pair is to be made; None to make none.
        instance_name: the name N of a pair that is made.
        installer: the build whose file name rules decide.
        version: of factory configuration on the instance that is meant; None where nobody said it.
        names: the N that an instance is to get where a running AEM would lose its own, by its configuration's key.
        values: whose values count where a file and what runs of it differ: ``"file"``, ``"live"``, or None to refuse.
    """

    profile: Profile = SMART_TAGS
    client_id: str | None = None
    org_id: str | None = None
    secret: Secret | None = None
    prefer: str | None = None
    pick: str | None = None
    create_in: str | None = None
    instance_name: str = "smart-tags"
    installer: InstallerBuild = InstallerBuild.V1_2
    version: str | None = None
    names: Mapping[str, str] = {}
    values: str | None = None
