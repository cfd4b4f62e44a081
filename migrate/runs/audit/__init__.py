"""An append-only log of what runs did, off by default: what begins and how it ended, in a chain of hashes.

`log` writes it, `chain` has its form and proves it.
"""

from migrate.runs.audit.chain import FIRST as FIRST
from migrate.runs.audit.chain import AuditError as AuditError
from migrate.runs.audit.chain import Verified as Verified
from migrate.runs.audit.chain import verify as verify
from migrate.runs.audit.log import BEGUN as BEGUN
from migrate.runs.audit.log import DONE as DONE
from migrate.runs.audit.log import ROLLED_BACK as ROLLED_BACK
from migrate.runs.audit.log import UNDO_BEGUN as UNDO_BEGUN
from migrate.runs.audit.log import UNDONE as UNDONE
from migrate.runs.audit.log import VARIABLE as VARIABLE
from migrate.runs.audit.log import tell as tell
from migrate.runs.audit.log import told as told
from migrate.runs.audit.log import user as user
