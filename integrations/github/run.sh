#!/usr/bin/env bash
# What action.yml runs: installs slingshift by hash into a folder of its own, and runs one verb.
# Everything comes from the environment; no word of it is evaluated.
set -euo pipefail

case "$SLINGSHIFT_VERB" in
lint | fmt | scan | plan) ;;
*)
    printf '::error::verb is lint, fmt, scan or plan, not %q\n' "$SLINGSHIFT_VERB"
    exit 2
    ;;
esac

lines() { # NAME: the lines of a variable that say something, as the array LINES
    LINES=()
    local line
    while IFS= read -r line || [[ -n $line ]]; do
        line=${line%$'\r'}
        if [[ $line =~ [^[:space:]] ]]; then LINES+=("$line"); fi
    done <<<"${!1}"
}

lines SLINGSHIFT_TARGETS
targets=("${LINES[@]}")
lines SLINGSHIFT_ARGUMENTS
arguments=(${LINES[@]+"${LINES[@]}"})
if ((${#targets[@]} == 0)); then
    echo '::error::name at least one target'
    exit 2
fi
for target in "${targets[@]}"; do
    if [[ $target == -* ]]; then
        echo '::error::a target begins with a dash; write ./ before it'
        exit 2
    fi
done
# fmt writes unless it is told to look only.
if [[ $SLINGSHIFT_VERB == fmt ]]; then arguments=(--check ${arguments[@]+"${arguments[@]}"}); fi
for argument in ${arguments[@]+"${arguments[@]}"}; do
    if [[ $argument == --fix ]]; then
        echo '::error::--fix writes to the checkout; the action only looks'
        exit 2
    fi
done

home=${RUNNER_TEMP:-/tmp}/slingshift
if [[ ! -e $home/ready ]]; then
    "$SLINGSHIFT_PYTHON" -m venv "$home"
    bin=$home/bin
    [[ -d $bin ]] || bin=$home/Scripts
    "$bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes \
        --requirement "$SLINGSHIFT_SOURCE/requirements/run.txt"
    "$bin/python" -m pip install --quiet --disable-pip-version-check --no-deps "$SLINGSHIFT_SOURCE"
    touch "$home/ready"
fi
bin=$home/bin
[[ -d $bin ]] || bin=$home/Scripts

code=0
if [[ -n $SLINGSHIFT_OUTPUT ]]; then
    "$bin/slingshift" "$SLINGSHIFT_VERB" ${arguments[@]+"${arguments[@]}"} "${targets[@]}" >"$SLINGSHIFT_OUTPUT" || code=$?
else
    "$bin/slingshift" "$SLINGSHIFT_VERB" ${arguments[@]+"${arguments[@]}"} "${targets[@]}" || code=$?
fi
echo "exit-code=$code" >>"${GITHUB_OUTPUT:-/dev/null}"
for accepted in ${SLINGSHIFT_ACCEPT//[^0-9]/ }; do
    if [[ $code == "$accepted" ]]; then exit 0; fi
done
exit "$code"
