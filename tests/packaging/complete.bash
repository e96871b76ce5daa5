# What bash completes: bash complete.bash FOLDER 'what was typed'. Prints a word a line.
# shellcheck disable=SC1090,SC1091
. /usr/share/bash-completion/bash_completion
read -ra typed <<<"$2"
. "$1/${typed[0]}"

# As readline does it: words end at blanks, and at = and : too.
line=$2
COMP_LINE=$line
COMP_POINT=${#line}
COMP_WORDS=()
while [[ $line =~ ^([[:space:]]*)([=:]+|[^=:[:space:]]+)(.*)$ ]]; do
    COMP_WORDS+=("${BASH_REMATCH[2]}")
    line=${BASH_REMATCH[3]}
done
[[ $2 != *' ' ]] || COMP_WORDS+=('')
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))

compopt() { :; } # there is no completion under way for it
"_${typed[0]//-/_}"
printf '%s\n' "${COMPREPLY[@]}"
