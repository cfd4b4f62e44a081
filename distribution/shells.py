"""Completion for bash, zsh, fish and PowerShell: verbs, options, the values that can be counted, and files.

Static texts, so that a Tab starts no Python; `make dist` writes them into dist/share/.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from distribution.commands import HELP, VERSION, Command, Option

_MADE = "Completion of slingshift. Made by `make dist`, see distribution/shells.py."


def bash(commands: Iterable[Command]) -> str:
    """For bash 4 and newer, with or without the package bash-completion."""
    listed = list(commands)
    lines = [f"# {_MADE}", "", "_slingshift() {"]
    lines += ["    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} verb= at words="]
    lines += ["    for ((at = 1; at < COMP_CWORD; at++)); do"]
    lines += ["        if [[ ${COMP_WORDS[at]} != -* ]]; then verb=${COMP_WORDS[at]}; break; fi", "    done"]
    lines += ["    COMPREPLY=()", '    case "$verb $before" in']
    files: list[str] = []
    for command in listed:
        for option in filter(lambda one: one.value, command.options):
            patterns = [f'"{command.name} {name}"' for name in option.names]
            if option.choices:
                words = f'COMPREPLY=($(compgen -W "{" ".join(option.choices)}" -- "$word"))'
                lines.append(f"        {' | '.join(patterns)}) {words}; return ;;")
            else:
                files += patterns
    # Without words of ours, bash completes file names by itself (-o default).
    lines.append(f"        {' | '.join(files)}) return ;;")
    lines += ["    esac", "    case $verb in"]
    for command in listed:
        lines.append(f'        {command.name}) words="{_names(command.options)}" ;;')
    first = " ".join([*(command.name for command in listed), *VERSION.names, *HELP.names])
    lines += [f'        *) words="{first}" ;;', "    esac"]
    lines += ["    if [[ -z $verb || $word == -* ]]; then"]
    lines += ['        COMPREPLY=($(compgen -W "$words" -- "$word"))', "    fi", "}", ""]
    return "\n".join([*lines, "complete -o default -F _slingshift slingshift", ""])


def zsh(commands: Iterable[Command]) -> str:
    """For zsh, as an autoloaded function."""
    listed = list(commands)
    lines = ["#compdef slingshift", f"# {_MADE}", "", "_slingshift() {", "    local -a verbs", "    verbs=("]
    lines += [f"        {_quoted(f'{command.name}:{command.summary}')}" for command in listed]
    lines += ["    )", "    if (( CURRENT == 2 )) && [[ $words[2] != -* ]]; then"]
    lines += ["        _describe verb verbs", "        return", "    fi", "    case $words[2] in"]
    for command in listed:
        lines.append(f"        {command.name}) shift words; (( CURRENT-- )); _arguments -s \\")
        lines += [f"            {_quoted(text)} \\" for option in command.options for text in _zsh(option)]
        lines += ["            '*:file:_files' ;;"]
    both = [_quoted(text) for option in (VERSION, HELP) for text in _zsh(option)]
    lines += [f"        *) _arguments {' '.join(both)} ;;", "    esac", "}", "", '_slingshift "$@"', ""]
    return "\n".join(lines)


def _zsh(option: Option) -> Iterator[str]:
    value = ""
    if option.value:
        values = f"({' '.join(option.choices)})" if option.choices else "_files"
        value = f":{option.value.lower().replace(':', ' ')}:{values}"
    about = option.help.replace("[", "(").replace("]", ")").replace(":", "\\:")
    yield from (f"*{name}[{about}]{value}" for name in option.names)


def fish(commands: Iterable[Command]) -> str:
    """For fish."""
    listed = list(commands)
    lines = [f"# {_MADE}", ""]
    for command in listed:
        what = f"-a {command.name} -d {_quoted(command.summary)}"
        lines.append(f"complete -c slingshift -n __fish_use_subcommand -f {what}")
    lines += [_fish(option, "__fish_use_subcommand") for option in (VERSION, HELP)]
    for command in listed:
        seen = f"__fish_seen_subcommand_from {command.name}"
        lines += [_fish(option, seen) for option in command.options]
    return "\n".join([*lines, ""])


def _fish(option: Option, condition: str) -> str:
    names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in option.names)
    line = f"complete -c slingshift -n {_quoted(condition)} {names}"
    if option.choices:
        line += f" -x -a {_quoted(' '.join(option.choices))}"
    elif option.value:
        line += " -r"
    return f"{line} -d {_quoted(option.help)}"


def powershell(commands: Iterable[Command]) -> str:
    """For PowerShell 5.1 and newer; where it has nothing to say, PowerShell completes file names."""
    listed = list(commands)
    lines = [f"# {_MADE}", "", "Register-ArgumentCompleter -Native -CommandName slingshift -ScriptBlock {"]
    lines += ["    param($word, $line, $cursor)", "    $verbs = [ordered]@{"]
    lines += [f"        {_single(command.name)} = {_single(command.summary)}" for command in listed]
    lines += ["    }", "    $options = @{"]
    for command in listed:
        lines.append(f"        {_single(command.name)} = [ordered]@{{")
        lines += [f"            {_single(n)} = {_single(o.help)}" for o in command.options for n in o.names]
        lines.append("        }")
    lines += ["    }", "    $values = @{"]
    for command in listed:
        for option in filter(lambda one: one.choices, command.options):
            values = ", ".join(map(_single, option.choices))
            lines += [f"        {_single(f'{command.name} {name}')} = @({values})" for name in option.names]
    lines += ["    }", *_POWERSHELL.splitlines(), "}", ""]
    return "\n".join(lines)


_POWERSHELL = """\
    $said = @($line.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
    if ($word) { $said = @($said | Select-Object -SkipLast 1) }
    $verb = $said | Where-Object { $_ -notlike '-*' } | Select-Object -First 1
    if (-not $verb) {
        $found = $verbs
    } elseif ($said.Count -and $values.ContainsKey("$verb $($said[-1])")) {
        $found = [ordered]@{}
        $values["$verb $($said[-1])"] | ForEach-Object { $found[$_] = $_ }
    } elseif ($word -like '-*' -and $options.ContainsKey($verb)) {
        $found = $options[$verb]
    } else {
        return
    }
    $found.GetEnumerator() | Where-Object { $_.Key -like "$word*" } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new($_.Key, $_.Key, 'ParameterValue', $_.Value)
    }"""


def _names(options: Iterable[Option]) -> str:
    return " ".join(name for option in options for name in option.names)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _single(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
