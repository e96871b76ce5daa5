#!/bin/bash
# The acts of the package's story, each run as root in the chroot that run.sh made: story.sh ACT
#
# Without systemd: what a unit would start is started here, as the unit would.
set -euo pipefail

config=/etc/muster/musterd.yaml
state=/var/lib/muster
documents=/usr/share/doc/musterd
started=() # process ids

die() {
    printf 'story: %s\n' "$*"
    exit 1
}

is() { # what, expected, found
    [[ $2 == "$3" ]] || die "$1 is \"$3\", not \"$2\""
}

apt_get() {
    apt-get -qq -y "$@" >/var/log/story-apt.log 2>&1 </dev/null || { tail -n 40 /var/log/story-apt.log && die "apt-get $*"; }
}

version() {
    dpkg-query -W -f '${Version}' musterd
}

# ---- programs that run ----------------------------------------------------------------------------

end() {
    local id
    for id in "${started[@]}"; do
        kill "$id" 2>/dev/null || true
    done
    wait
}
trap end EXIT

start() { # name of the log, command
    "${@:2}" >"/var/log/story-$1.log" 2>&1 &
    started+=($!)
}

await() { # name of the log, command that succeeds once what was started last is ready; at most a minute
    local end=$((SECONDS + 60))
    while ((SECONDS < end)) && kill -0 "${started[-1]}" 2>/dev/null; do
        if "${@:2}" >/dev/null 2>&1; then
            return
        fi
        sleep 0.1
    done
    "${@:2}" || true
    cat "/var/log/story-$1.log"
    die "$1: waited for ${*:2} in vain"
}

start_broker() {
    mkdir -p /run/mosquitto && chown mosquitto: /run/mosquitto
    start broker mosquitto -c /etc/mosquitto/mosquitto.conf
}

# As the unit does: its user, its check first.
as_muster() {
    setpriv --reuid muster --regid muster --init-groups --no-new-privs "$@"
}

start_musterd() {
    as_muster musterd --config $config --check-config
    start musterd as_muster musterd --config $config
    await musterd muster status
}

# The commands of a document, of all users or of those who chose certificates.
commands_of() { # markdown file
    awk '/^```sh( certificates)?$/ { inside = 1; next } /^```/ { inside = 0 } inside' "$1"
}

# ---- acts -------------------------------------------------------------------------------------------

act_install() {
    apt_get update
    # With Mosquitto, which the package recommends.
    apt_get install /story/old.deb
    apt_get install --no-install-recommends openssl mosquitto-clients
    is "the version" 0.0.9-1 "$(version)"
    is "what dpkg finds wrong" "" "$(dpkg --verify musterd)"
    [[ -x /usr/sbin/mosquitto ]] || die "no Mosquitto came with it"
    if ls /etc/mosquitto/conf.d/*muster* /etc/mosquitto/muster* 2>/dev/null; then
        die "the broker's configuration was touched"
    fi
    is "the owner of the store's folder" "muster muster" "$(stat -c '%U %G' $state)"
    is "others' rights to the store" 0 "$(($(stat -c 0%a $state) % 8))"
    is "the user's shell" /usr/sbin/nologin "$(getent passwd muster | cut -d: -f7)"
    [[ -L /etc/systemd/system/multi-user.target.wants/musterd.service ]] || die "the service is not enabled"
    for program in musterd muster muster-sim; do
        $program --version
    done
}

refuses_strangers() {
    local status=0
    muster --timeout 2s job list || status=$?
    ((status == 4))
}

# As installed, with Mosquitto as Debian installs it: they find each other, and nobody may do anything.
act_first_start() {
    start_broker
    as_muster musterd --config $config --check-config
    start musterd as_muster musterd --config $config
    await musterd refuses_strangers
}

act_secure_broker() {
    cp -r $documents/mosquitto ~/muster-mosquitto
    cd ~/muster-mosquitto
    export names=DNS:localhost,IP:127.0.0.1
    commands_of README.md >commands.sh
    grep -q 'add_client anna' commands.sh || die "the README has no commands"
    bash -euo pipefail commands.sh >/var/log/story-setup.log 2>&1 || { cat /var/log/story-setup.log && die "the README's commands"; }
    # The README's musterd.yaml, as the service is to have it.
    install -o root -g muster -m 640 musterd.password /etc/muster/broker.password
    sed -e "s|password_file: .*|password_file: /etc/muster/broker.password|" -e "s|path: .*|path: $state/muster.db|" \
        musterd.yaml >$config
    as_muster musterd --config $config --check-config
}

# A store that the first version left.
act_upgrade() {
    apt_get install --no-install-recommends sqlite3 bash-completion
    rm -f $state/muster.db*
    {
        printf 'BEGIN;\n'
        cat /story/0001_first.sql
        printf "INSERT INTO gateway (one, operation_key, last_job) VALUES (1, x'000102030405060708090a0b0c0d0e0f', 6);\n"
        printf 'PRAGMA application_id = 0x4d737472; PRAGMA user_version = 1;\nCOMMIT;\n'
    } | as_muster sqlite3 $state/muster.db
    chmod 600 $state/muster.db
    sha256sum $config >/story/config.sum
    apt_get install /story/new.deb
    is "the version" "$(dpkg-deb -f /story/new.deb Version)" "$(version)"
    sha256sum --quiet --check /story/config.sum
    [[ -L /etc/systemd/system/multi-user.target.wants/musterd.service ]] || die "the service is no longer enabled"
}

export_login() {
    export MUSTER_USER=anna MUSTER_PASSWORD_FILE=~/muster-mosquitto/anna.password
}

act_work() {
    export_login
    start_broker
    start_musterd
    [[ $(sqlite3 $state/muster.db 'PRAGMA user_version') -gt 1 ]] || die "the store was not migrated"
    # The number after the last job that the old version gave: it is the same store.
    if musterd --help | grep -q backup; then
        local before
        before=$(find $state -name '*.backup*' | head -n 1)
        [[ -n $before ]] || die "no backup was made before the migration"
        is "the backup's schema" 1 "$(sqlite3 "$before" 'PRAGMA user_version')"
    fi
    muster status
    if muster --help | grep -q '^  doctor '; then
        muster doctor || die "muster doctor is not content"
    fi
    muster apply -f $documents/examples/fleet
    cd ~/muster-mosquitto
    start simulator muster-sim --broker mqtts://localhost:8883 --ca-file authority/ca.pem --devices 2 \
        --template refrigerator --certificate-file '{id}.pem' --key-file '{id}.key' --ready-file /tmp/ready
    await simulator test -e /tmp/ready
    muster job run --set refrigerators --devices fridge-1,fridge-2 --settings fanSpeed=3 --timeout 60s --watch
    muster job show 8 | grep -q Completed || die "job 8 is not Completed"
    if musterd --help | grep -q backup; then
        as_muster musterd --config $config backup $state/kept.backup
        is "the backup" ok "$(sqlite3 $state/kept.backup 'PRAGMA integrity_check')"
    fi
    completes "muster job run --set ref" refrigerators
    completes "muster job show " 8
}

completes() { # what was typed, the word that is to be among the completions
    # shellcheck disable=SC1091 # of bash-completion, which is not where this is checked
    bash -c '
        . /usr/share/bash-completion/bash_completion
        . /usr/share/bash-completion/completions/muster
        COMP_LINE=$1 COMP_POINT=${#1}
        read -ra COMP_WORDS <<<"$1"
        [[ $1 != *" " ]] || COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _muster 2>/dev/null
        printf "%s\n" "${COMPREPLY[@]}"
    ' - "$1" | grep -qx -- "$2" || die "bash does not complete \"$1\" to $2"
}

act_reinstall() {
    sed -i '1i # Mine.' $config
    sha256sum $config >/story/config.sum
    apt_get install --reinstall /story/new.deb
    sha256sum --quiet --check /story/config.sum
    [[ -e $state/muster.db ]] || die "the store is gone"
}

act_remove() {
    apt_get remove musterd
    sha256sum --quiet --check /story/config.sum
    [[ -e $state/muster.db && -e /etc/muster/broker.password ]] || die "removal took what is not the package's"
    if command -v musterd muster muster-sim || [[ -e /usr/lib/systemd/system/musterd.service ]]; then
        die "removal left programs or the unit"
    fi
}

# What the administrator gave the broker is the administrator's.
act_purge() {
    local left
    apt_get purge musterd
    left=$(find / -xdev \( -path /proc -o -path /story -o -path ~ -o -path /var/log \) -prune -o \
        \( -name '*muster*' -o -user muster -o -group muster \) -print |
        grep -v -e '^/var/cache/apt/' -e '^/etc/mosquitto/' -e '^/etc/systemd/system/mosquitto.service.d/' || true)
    is "what is left" "" "$left"
    if dpkg-query -W musterd 2>/dev/null; then
        die "dpkg still knows musterd"
    fi
}

"act_$1"
