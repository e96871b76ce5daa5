#!/usr/bin/env bash
# What a package of muster holds, without installing it: contents.sh PACKAGE
set -euo pipefail

package=$1
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
failed=no

complain() {
    printf 'contents: %s\n' "$*"
    failed=yes
}

dpkg-deb --extract "$package" "$tree"

for file in usr/bin/{musterd,muster,muster-sim} usr/lib/systemd/system/musterd.service \
    usr/lib/{sysusers,tmpfiles}.d/musterd.conf etc/muster/musterd.yaml \
    usr/share/doc/musterd/{copyright,changelog.gz,changelog.Debian.gz,README.Debian,SPEC.md,openapi.yaml} \
    usr/share/doc/musterd/examples/{musterd.yaml,device.sh,fleet/device-sets.yaml} \
    usr/share/doc/musterd/mosquitto/{README.md,muster.acl,muster.conf,limits.conf} \
    usr/share/man/man{1/muster.1,1/muster-sim.1,5/musterd.yaml.5,8/musterd.8}.gz \
    usr/share/bash-completion/completions/{muster,musterd,muster-sim} \
    usr/share/zsh/vendor-completions/_{muster,musterd,muster-sim}; do
    [[ -s $tree/$file ]] || complain "$file is missing"
done
[[ $(dpkg-deb --ctrl-tarfile "$package" | tar -xO ./conffiles) == /etc/muster/musterd.yaml ]] ||
    complain "the configuration is no conffile"
if find "$tree" -name '*test*' -o -name '*bench*' -o -name '*.a' | grep .; then
    complain "these are no part of it"
fi

# Hardened: a program whose place in memory is drawn by lot, tables that are read-only once it runs, a stack that
# is guarded and holds no code, checked copies; and without symbols.
for program in musterd muster muster-sim; do
    file=$tree/usr/bin/$program
    headers=$(readelf --wide --file-header --program-headers --dynamic "$file")
    symbols=$(readelf --wide --dyn-syms "$file")
    grep -q 'Type: *DYN' <<<"$headers" || complain "$program is not position-independent"
    grep -q 'GNU_RELRO' <<<"$headers" || complain "$program has no RELRO"
    grep -q 'BIND_NOW\|Flags:.*NOW' <<<"$headers" || complain "$program binds late"
    grep 'GNU_STACK' <<<"$headers" | grep -q ' RWE ' && complain "$program has an executable stack"
    grep -q '__stack_chk_fail' <<<"$symbols" || complain "$program guards no stack"
    grep -q '_chk@' <<<"$symbols" || complain "$program checks no copies"
    readelf --wide --sections "$file" | grep -q '\.symtab' && complain "$program is not stripped"
    if strings -a "$file" | grep -F "$PWD/"; then
        complain "$program names the place where it was built"
    fi
done
[[ $failed == no ]]
