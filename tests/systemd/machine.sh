#!/usr/bin/env bash
# A systemd of its own for one test: PID 1 in new namespaces, on a copy of this machine's files that
# is thrown away. Nothing of it is seen outside.
#
#   machine.sh boot NAME FOLDER FILES    boots; FILES is laid over the root; ends with the machine
#   machine.sh clean NAME                takes away what is left of it when it was killed
#
# Exit code 77: this machine does not allow it, and the last line says what.
set -euo pipefail

refused() { # what
    printf 'not allowed here: %s\n' "$1"
    exit 77
}

attempt() { # what, command
    local said
    said=$("${@:2}" 2>&1) || refused "$1: $said"
}

# The hierarchy that systemd is to find below itself, whatever this machine has mounted.
mount_cgroups() { # folder
    mkdir -p "$1"
    attempt "mounting cgroup2" mount -t cgroup2 cgroup2 "$1"
}

boot() { # NAME FOLDER FILES
    [[ -x /lib/systemd/systemd ]] || refused "there is no /lib/systemd/systemd"
    [[ $(id -u) == 0 ]] || refused "this is not root"
    attempt "a mount namespace" unshare --mount --propagation private true
    exec unshare --mount --propagation private "$0" enter "$@"
}

enter() { # NAME FOLDER FILES, in a mount namespace of its own
    attempt "a tmpfs" mount -t tmpfs -o mode=755 tmpfs "$2"
    mount_cgroups "$2/cgroups"
    attempt "a cgroup" mkdir -p "$2/cgroups/$1"
    attempt "entering a cgroup" tee "$2/cgroups/$1/cgroup.procs" <<<$$
    attempt "namespaces" unshare --pid --cgroup --net --ipc --uts --fork true
    exec unshare --pid --cgroup --net --ipc --uts --fork --kill-child "$0" start "$@"
}

start() { # NAME FOLDER FILES, as PID 1
    local root=$2/root device
    umount "$2/cgroups"
    mkdir "$2/upper" "$2/work" "$root"
    attempt "an overlay of /" mount -t overlay -o "lowerdir=/,upperdir=$2/upper,workdir=$2/work" overlay "$root"
    rm -rf "$root"/etc/systemd/system/*
    cp -r "$3/." "$root/"
    attempt "/proc" mount -t proc proc "$root/proc"
    attempt "/sys" mount -t sysfs sysfs "$root/sys"
    mount_cgroups "$root/sys/fs/cgroup"
    attempt "/dev" mount -t tmpfs -o mode=755 tmpfs "$root/dev"
    for device in null zero full random urandom tty; do
        touch "$root/dev/$device"
        mount --bind "/dev/$device" "$root/dev/$device"
    done
    touch "$root/dev/console"
    mount --bind /dev/null "$root/dev/console"
    mkdir "$root/dev/shm" "$root/dev/pts"
    attempt "terminals of its own" mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
    ln -s pts/ptmx "$root/dev/ptmx"
    mount -t tmpfs -o mode=755 tmpfs "$root/run"
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    mkdir "$root/run/old"
    cd "$root"
    attempt "a root of its own" pivot_root . run/old
    umount -l /run/old
    mount --make-rshared / # as systemd has it; credentials come in from a namespace of their own
    echo "booting"
    # It says to everybody that it is none of the machine's own, so that no hardware is looked for.
    exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=muster-test \
        /lib/systemd/systemd --system --unit=basic.target --log-target=journal --show-status=no
}

clean() { # NAME
    local folder
    folder=$(mktemp -d)
    # shellcheck disable=SC2016 # the inner shell is to see the $
    unshare --mount --propagation private bash -c '
        mount -t cgroup2 cgroup2 "$1" && [[ ! -d $1/$2 ]] || find "$1/$2" -depth -type d -exec rmdir {} \;
    ' clean "$folder" "$1" || true
    rmdir "$folder"
}

"$@"
