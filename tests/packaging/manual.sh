#!/usr/bin/env bash
# Manual pages and completions, by the programs that people read and type them with: manual.sh FOLDER
#
# FOLDER is what muster-manual has written. No gateway is asked: a muster of this test's own answers.
set -uo pipefail

folder=$(cd "$1" && pwd)
sources=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=no

complain() {
    printf 'manual: %s\n' "$*"
    failed=yes
}

# ---- pages ------------------------------------------------------------------------------------------

for page in "$folder"/man/*[1-8]; do
    name=${page##*/}
    warnings=$(groff -man -ww -Tutf8 -P-c "$page" 2>&1 >/dev/null)
    [[ -z $warnings ]] || complain "groff of $name: $warnings"
    warnings=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null)
    [[ -z $warnings ]] || complain "man of $name: $warnings"
    warnings=$(mandoc -Tlint -W warning "$page" 2>&1)
    [[ -z $warnings ]] || complain "mandoc of $name: $warnings"
    LC_ALL=C.UTF-8 MANWIDTH=80 man -l "$page" >"$work/$name.txt" 2>/dev/null
    [[ $(wc -l <"$work/$name.txt") -gt 50 ]] || complain "man shows little of $name"
    # A letter that got lost, a font or macro that shows.
    grep -nE '\\f[BIR]|\\\[|^\.[A-Z]{2}' "$work/$name.txt" && complain "$name shows its macros"
done

# ---- completions ------------------------------------------------------------------------------------

cat >"$work/muster" <<'MUSTER'
#!/bin/sh
echo "$*" >>"${0%/*}/asked"
case $* in
*'set list'*) printf 'SET            TITLE\nrefrigerators  All\novens          Some\n' ;;
*'job list'*) printf 'JOB  STATUS\n 41  Running\n 42  Failed\n' ;;
*'template list'*) echo 'no templates' ;;
*) echo 'nobody is there' >&2 && exit 1 ;;
esac
MUSTER
chmod 755 "$work/muster"
export PATH=$work:$PATH

bash_words() { # what was typed; prints what could stand in place of its last word
    bash "$sources/complete.bash" "$folder/bash" "$1" 2>"$work/errors"
    [[ ! -s $work/errors ]] || complain "bash says, of \"$1\": $(cat "$work/errors")"
}

zsh_words() {
    zsh -f "$sources/complete.zsh" "$folder/zsh" "$1"
}

completes() { # what was typed, words that have to be offered
    local shell word offered
    for shell in bash zsh; do
        offered=$("${shell}_words" "$1" | tr -s '[:space:]' '\n')
        for word in "${@:2}"; do
            grep -qxF -e "$word" <<<"$offered" ||
                complain "$shell does not complete \"$1\" to $word, but to:" "$(tr '\n' ' ' <<<"$offered")"
        done
    done
}

for script in "$folder"/bash/*; do
    bash -n "$script" || complain "bash does not read ${script##*/}"
done
for script in "$folder"/zsh/*; do
    zsh -n "$script" || complain "zsh does not read ${script##*/}"
done

touch "$work/fleet.yaml" && cd "$work" || exit 1
completes 'muster ' job device set template apply status token
completes 'muster job ' new run stop rerun csv
completes 'muster job ru' run
completes 'muster --broker mqtt://gateway:1883 job r' run rerun
completes 'muster job run --se' --set --settings
completes 'muster job run --offline ' wait fail
completes 'muster job devices --reason ' timeout uncertain
completes 'muster token new ci --role ' viewer operator admin
completes 'muster apply -f fl' fleet.yaml
completes 'muster job run --set ' refrigerators ovens
completes 'muster job run --set ref' refrigerators
completes 'muster job show ' 41 42
completes 'musterd --set broker.win' broker.window=
completes 'musterd --ch' --check-config
completes 'muster-sim --drop-moment ' before after either

# How the gateway is reached is passed on; and when it is away, nothing is said.
for shell in bash zsh; do
    : >asked
    "${shell}_words" 'muster --broker mqtt://far:1884 --user anna job show ' >/dev/null
    grep -qF -e '--broker mqtt://far:1884 --user anna job list' asked || complain "$shell asked with: $(cat asked)"
done
[[ -z $(bash_words 'muster device show ') ]] || complain "bash completes devices that nobody named"
[[ -z $(bash_words 'muster template show ') ]] || complain "bash takes a remark for a template"
[[ $failed == no ]]
