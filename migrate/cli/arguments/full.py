"""The command line as typer has it: help, mistakes, and everything that may be written in more than one way."""

from __future__ import annotations

import contextlib
import inspect
import sys
import typing
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, cast

import typer

from migrate import __version__
from migrate.cli import console, exits
from migrate.cli.arguments import verbs

if TYPE_CHECKING:
    from typer.core import TyperCommand


def run(arguments: Sequence[str]) -> int:
    """Run the command with some arguments; gives the exit code, and raises what the verb raises."""
    try:
        code = _app(arguments)(list(arguments), prog_name="slingshift", standalone_mode=False)
    except SystemExit:
        # What typer makes of a reader that went away while it prints the help (`--help | head -1`).
        return exits.OK
    except typer.Abort:
        return exits.INTERRUPTED
    except Exception as error:
        show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
        if not callable(show) or not isinstance(code, int):
            raise
        with contextlib.suppress(OSError):
            show()
        # Some of typer's errors would end with 1, which means that there is work to do.
        return exits.USAGE
    return exits.OK if code is None else int(code)


def command(verb: str) -> TyperCommand:
    """What typer makes of one verb."""
    app = typer.Typer(add_completion=False)
    app.command(verb)(declared(verb))
    return cast("TyperCommand", typer.main.get_command(app))


def declared(verb: str) -> Callable[..., None]:
    """A function with the parameters of a verb as typer wants them, which runs it."""
    # The help that only names the verbs does without: hundreds of options take a while to be declared.
    from migrate.cli.arguments import options
    from migrate.integration.request import Request

    found = verbs.function(verb)
    requests, defaults, groups = options.REQUESTS, Request(), verbs.groups(found)

    def run_it(context: typer.Context, **values: object) -> None:
        verbs.call(verb, values, _written(context))

    names = {"options": options, **vars(sys.modules[found.__module__])}
    types = typing.get_type_hints(found, names, include_extras=True)
    all_of_them = [inspect.Parameter("context", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)]
    parameters = inspect.signature(found).parameters
    for name, parameter in parameters.items():
        if name in requests:
            all_of_them += [
                _option(one, kind, getattr(defaults, one)) for one, kind in requests[name].items()
            ]
        elif (group := groups.get(name)) is not None:
            kinds = typing.get_type_hints(group, localns={"options": options}, include_extras=True)
            all_of_them += [
                _option(one, kinds[one], getattr(group, one))
                for one in group.fields()
                if one not in parameters
            ]
        elif name != "written":
            all_of_them.append(parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=types[name]))
    run_it.__doc__ = found.__doc__
    run_it.__signature__ = inspect.Signature(all_of_them)  # type: ignore[attr-defined]
    run_it.__annotations__ = {one.name: one.annotation for one in all_of_them}
    return run_it


def _option(name: str, kind: object, default: object) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _written(context: typer.Context) -> dict[str, str]:
    """What stood on the command line: the parameters' names, each with the option's spelling."""
    return {
        parameter.name: parameter.opts[-1] if parameter.param_type_name == "option" else "TARGET"
        for parameter in context.command.params
        if parameter.name
        and (source := context.get_parameter_source(parameter.name)) is not None
        and source.name == "COMMANDLINE"
    }


def _app(arguments: Sequence[str]) -> typer.Typer:
    """The app with the verb that is asked for, or with the names of all for help and for typing errors."""
    app = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        no_args_is_help=True,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(help=f"{_slingshift.__doc__}\n\n{exits.sentence()}")(_slingshift)
    asked = next((argument for argument in arguments if not argument.startswith("-")), None)
    if asked in verbs.VERBS:
        app.command(asked, short_help=verbs.VERBS[asked][1], epilog=_epilog(asked))(declared(asked))
    else:
        for name, (_, summary) in verbs.VERBS.items():
            app.command(name, short_help=summary)(_named_only)
    return app


def _epilog(verb: str) -> str:
    """The examples; the mark keeps the lines as they are."""
    from migrate.cli.arguments.examples import EXAMPLES

    lines = EXAMPLES.get(verb, ())
    return "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)]) if lines else ""


def _named_only() -> None:
    """Stands for a verb where none is run."""


def _show_version(wanted: bool) -> None:
    if wanted:
        console.result(f"slingshift {__version__}")
        raise typer.Exit


def _slingshift(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and leave."),
    ] = False,
) -> None:
    """Move AEM 6.5 configurations from JWT to OAuth Server-to-Server, without moving another byte."""
