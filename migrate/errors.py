"""What can go wrong: one root, so that `except migrate.MigrateError` is enough, and each kind where it is raised.

    MigrateError
      ProfileError            a profile that cannot be used                              integration.profile
      TargetError             a target, or a file of it, that cannot be used             targets.base
        OverlapError          ... because it lies in another one                         targets.base
        LostError             ... because nothing of it can be read any more             targets.base
          InstanceError       ... as a running instance; its `rule` says why             targets.instance.errors
      PackageError            a content package that cannot be read or edited safely     targets.errors
        ArchiveError          ... as an archive                                          targets.package.window
        VaultError            ... or its filter.xml                                      targets.vault.filter
        XmlError              ... or another XML file of its META-INF                    targets.vault.spans
      UnknownPatternError     a filter pattern whose meaning in Java is not vouched for  targets.vault.patterns
      ApplyError              apply, resume or undo did not do it; its `kind` says why   runs.errors
      AuditError              an audit log that is not what was written                  runs.audit.chain
      SavedPlanError          a saved plan that cannot be used                           reports.saved_plan
        StalePlanError        ... because the files are not what it was made from        reports.saved_plan
      EvidenceError           a file that cannot go into a report                       reports.evidence.given
      ApprovalError           a saved plan that nobody has approved who may             cli.processes.approval
      CredentialsError        a credential that cannot be used                           ims.credentials.errors
        ChoiceNeeded          ... before one of several is chosen                        ims.credentials.errors
        CertificateError      ... because it is no certificate that can be read          ims.credentials.certificates
        LegacyJwtError        ... because it is no JWT download that can be tried        ims.credentials.jwt_download
      TokenError              no token came; its `kind` says why                         ims.errors
      FileError               a path that `lint`, `fmt` ... cannot list or read          texts.listing
        TooLargeError         ... because no configuration is as large                   texts.listing
      LayoutError             a layout that cannot be changed without changing more      texts.layout
      ConversionError         a file that cannot be written in another form              texts.converting.conversion
      NamingError             a name that gives no file of the same PID                  texts.converting.naming
      FleetError              a fleet file that cannot be used                           fleet.errors
      UsageError              options that make no sense                                 cli.errors
      RecordError             what was written down of a run over many targets           fleet.errors
      CrashError              a bug met with one of many targets                         fleet.outcomes
      SchemaError             what `--schema` names, and says nothing                    lint.schema
      SettingsError           settings of `lint` that make no sense                      lint.settings

The text of each is one line for people: where, what, and how to put it right. None holds a secret. The command turns
them into exit codes in one place (`migrate.cli.exits.of`). Texts that are no configuration raise
:class:`grammar.errors.GrammarError`, the other library's root.
"""

from __future__ import annotations

from migrate.version import VERSION


class MigrateError(Exception):
    """Root of every error that slingshift raises by itself. It can be pickled, whatever its arguments were."""

    def __reduce__(self) -> tuple[object, ...]:
        return _made, (type(self), self.args), dict(self.__dict__)


def _made(kind: type[MigrateError], args: tuple[object, ...]) -> MigrateError:
    """An error of a kind that is not made anew by its arguments alone."""
    error = kind.__new__(kind)
    error.args = args
    return error


def bug(error: Exception) -> str:
    """An error that nobody foresaw: of what kind it is, and where, without its text, which may quote a file."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    where = ""
    if traceback is not None:
        name = traceback.tb_frame.f_code.co_filename.replace("\\", "/").rpartition("/")[2]
        where = f" at {name}:{traceback.tb_lineno}"
    return f"this is a bug in slingshift {VERSION}: {type(error).__name__}{where}. Please report this line"
