# What zsh completes, at a terminal of its own: zsh -f complete.zsh FOLDER 'what was typed'.
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=go-''on fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -u -D; zstyle ':completion:*' list-colors ''"
zpty -w shell "setopt no_beep list_ambiguous no_always_last_prompt; zstyle ':completion:*' menu no; LISTMAX=1000; stty columns 200 rows 500"
# Each word that matches is printed instead of being put into the line.
zpty -w shell "compadd() { local -a into words; if [[ \$*[(r)-[OAD]] != '' ]]; then builtin compadd \"\$@\"; return; fi; builtin compadd -O into \"\$@\"; for word in \$into; do print -r -- \"<\$word\${\${*[(r)-S]:+\${@[\$@[(i)-S]+1]}}}>\"; done; builtin compadd \"\$@\" }; print rea''dy"
# What is typed before its prompt stands there, the terminal still edits itself: it would take the ^U
# for its own, and the shell would never see what is to be completed. The quotes: what is waited for is
# what the shell says, and not the echo of what it was told.
zpty -r shell output '*ready*'
zpty -r shell output '*go-on*'
zpty -w -n shell "$2"$'\t'
zpty -w -n shell $'\x15print the-end\n'
typeset line
for ((lines = 0; lines < 2000; ++lines)); do
    zpty -r shell line || break
    [[ $line == *the-end* && $line != *print* ]] && break
    [[ $line == *'<'*'>'* ]] && print -r -- "${${line##*<}%%>*}"
done
zpty -d shell
