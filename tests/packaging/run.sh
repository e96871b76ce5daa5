#!/usr/bin/env bash
# The Debian package, from its making to its purge: run.sh BUILD_DIRECTORY
#
# Makes the package as ./dev package does and an older one of it, and hands both to story.sh in a clean Debian that
# debootstrap made. All of that happens in namespaces of its own, so that nothing stays mounted or running,
# however it ends. Debian's packages come from wherever this machine's apt gets them.
set -euo pipefail

sources=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$sources/../.." && pwd)
work=$(mkdir -p "$1/packaging" && cd "$1/packaging" && pwd)
suite=bookworm
chroot=$work/chroot
kept=$work/debian.tar # the clean Debian, to begin from the next time
kept_days=14
export PATH=$PATH:/usr/sbin:/sbin LC_ALL=C.UTF-8

say() { # lines
    printf '%s\n' "$@"
}

die() {
    say "packaging: $*"
    exit 1
}

# ---- the packages -------------------------------------------------------------------------------

packages() {
    "$root/dev" package || die "./dev package failed"
    package=$(find "$root/build/packages" -maxdepth 1 -name 'musterd_*.deb' -newer "$work/begun" | head -n 1)
    [[ -n $package ]] || package=$(find "$root/build/packages" -maxdepth 1 -name 'musterd_*.deb' | head -n 1)
    older=$work/older/musterd_0.0.9-1_$(dpkg --print-architecture).deb
    # The same with a version that comes before: what an upgrade has to do is between versions, not programs.
    rm -rf "$work/older"
    mkdir -p "$work/older"
    dpkg-deb --raw-extract "$package" "$work/older/tree"
    sed -i 's/^Version: .*/Version: 0.0.9-1/' "$work/older/tree/DEBIAN/control"
    dpkg-deb --root-owner-group --build -Zgzip -z1 "$work/older/tree" "$older" >/dev/null
}

# ---- a clean Debian -----------------------------------------------------------------------------

# "deb ADDRESS SUITE COMPONENT" for what this machine gets from Debian.
sources_of_debian() {
    # shellcheck disable=SC2016 # apt-get's own places, not the shell's
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        grep -E " $suite(-updates|-security)? main\$" | sort -u
}

mirror() { # where debootstrap gets the suite itself
    sources_of_debian | awk -v suite="$suite" '$3 == suite { print $2; exit }'
}

reach_mirror() { # what apt in the chroot has to know to reach what this machine reaches
    sources_of_debian >"$chroot/etc/apt/sources.list"
    apt-config dump --format '%F "%v";%n' Acquire::http Acquire::https 2>/dev/null |
        grep -E 'Proxy|Verify|CaInfo' >"$chroot/etc/apt/apt.conf.d/90-of-this-machine" || true
    cp -L /etc/resolv.conf /etc/hosts "$chroot/etc/"
    if grep -q 'https:' "$chroot/etc/apt/sources.list"; then
        cp -rL /etc/ssl/certs "$chroot/etc/ssl/"
    fi
    # Files that were downloaded once stay for the next time.
    mkdir -p "$work/archives/partial"
    mount --bind "$work/archives" "$chroot/var/cache/apt/archives"
    printf 'APT::Keep-Downloaded-Packages "true";\n' >"$chroot/etc/apt/apt.conf.d/91-keep"
    # Nothing starts by being installed, as in any chroot.
    printf '#!/bin/sh\nexit 101\n' >"$chroot/usr/sbin/policy-rc.d"
    chmod 755 "$chroot/usr/sbin/policy-rc.d"
}

clean_debian() {
    local made_for
    made_for="$suite $(dpkg --print-architecture) $(mirror)"
    [[ -n $(mirror) ]] || die "this machine's apt has no source of Debian's $suite"
    rm -rf "$chroot"
    mkdir -p "$chroot"
    if [[ $(cat "$kept.made-for" 2>/dev/null) == "$made_for" && -n $(find "$kept" -mtime "-$kept_days" 2>/dev/null) ]]; then
        tar -C "$chroot" -xf "$kept"
        return
    fi
    say "Making a clean Debian; it is kept for $kept_days days."
    debootstrap --variant=minbase "$suite" "$chroot" "$(mirror)" >"$work/debootstrap.log" 2>&1 ||
        { tail -n 20 "$work/debootstrap.log" && die "debootstrap failed"; }
    rm -rf "$chroot"/var/cache/apt/archives/*.deb
    tar -C "$chroot" -cf "$kept.new" . && mv "$kept.new" "$kept"
    printf '%s\n' "$made_for" >"$kept.made-for"
}

# ---- in namespaces of its own ---------------------------------------------------------------------

enter() { # an act of story.sh; with the network of this machine or without
    local -a network=() proxies=()
    if [[ $2 == alone ]]; then
        network=(unshare --net -- sh -c 'ip link set lo up && exec "$@"' sh)
        # No proxy is there; and a login shell on a gateway may have these, set or empty.
        proxies=(http_proxy= https_proxy=)
    else
        proxies=(${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"})
    fi
    say "" "== $1 =="
    timeout --kill-after=10 300 "${network[@]}" chroot "$chroot" /usr/bin/env -i \
        PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        "${proxies[@]}" bash /story/story.sh "$1" ||
        die "failed in: $1"
}

inside() {
    clean_debian
    mount -t proc proc "$chroot/proc"
    reach_mirror
    mkdir "$chroot/story"
    cp "$sources/story.sh" "$root/daemon/store/sqlite/migrations/0001_first.sql" "$chroot/story/"
    cp "$package" "$chroot/story/new.deb"
    cp "$older" "$chroot/story/old.deb"
    enter install online
    enter first_start alone
    enter secure_broker alone
    enter upgrade online
    enter work alone
    enter reinstall online
    enter remove online
    enter purge online
    umount "$chroot/var/cache/apt/archives" "$chroot/proc"
    rm -rf "$chroot"
    say "" "The package holds."
}

touch "$work/begun"
if [[ ${2:-} == inside ]]; then
    package=$3 older=$4
    inside
    exit
fi
packages
"$sources/contents.sh" "$package"
if [[ $(id -u) != 0 ]]; then
    say "SKIPPED: installing the package in a chroot needs root; it was made, and its contents were checked."
    exit 0
fi
exec unshare --mount --propagation private --pid --fork --kill-child "$0" "$1" inside "$package" "$older"
