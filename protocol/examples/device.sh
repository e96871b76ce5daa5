#!/bin/sh
# A muster device in a shell: a fan with a setting, fanSpeed, and a command, beep.
# Usage: device.sh ID [options for mosquitto_sub and mosquitto_pub, such as -h HOST -u ID -P PASSWORD]
# shellcheck disable=SC2086 # $options are words again wherever they are used
id=$1
shift
options=$*
root=muster/v1
device=$root/dev/$id
memory=$id.remembered
state=$id.state
touch "$memory"
[ -s "$state" ] || echo '{"fanSpeed":0}' >"$state"

publish() { # topic below the device's, payload, -r to retain it
    mosquitto_pub $options -q 1 -t "$device/$1" -m "$2" ${3-}
}
remember() { # operation id and answer; the last eight are kept, over a restart too
    { grep -vF "$1 " "$memory"; echo "$1 $2"; } | tail -n 8 >"$memory.new"
    mv "$memory.new" "$memory"
}
execute() { # operation message; prints the answer
    case $1 in
        *'"set":{"fanSpeed":'[0-5]'}'*)
            speed=${1#*'"fanSpeed":'}
            echo "{\"fanSpeed\":${speed%%\}*}}" >"$state"
            publish state "$(cat "$state")" -r
            echo 200 ;;
        *'"set":{"fanSpeed":'*) echo '400 fanSpeed goes from 0 to 5' ;;
        *'"call":"beep"'*) printf '\a' >&2 && echo 200 ;;
        *) echo '400 this device cannot do that' ;;
    esac
}
handle() { # operation message; a line of the memory is the ack itself
    operation=${1#*'"id":"'}
    operation=${operation%%'"'*}
    if ! grep -qF "$operation " "$memory"; then
        expires=${1##*'"exp":'}
        [ "${expires%\}}" -lt "$(date +%s)" ] 2>/dev/null && return
        remember "$operation" '500 interrupted'
        remember "$operation" "$(execute "$1")"
    fi
    publish ack "$(grep -F "$operation " "$memory")"
}
announce() {
    publish info '{"proto":1,"template":"fan","name":"Shell fan","remembers":8}' -r
}

trap : INT TERM # so that a stop reaches the farewell below
announce
# The device's own info comes back when the subscriptions stand: then it is online.
mosquitto_sub $options -q 1 -F '%r %t %p' -t "$device/cmd" -t "$root/all/announce" -t "$device/info" \
    --will-topic "$device/status" --will-payload offline --will-qos 1 --will-retain |
    while read -r line; do
        case $line in
            "0 $device/cmd "*) handle "${line#* * }" ;;
            "0 $root/all/announce"*) announce ;;
            *" $device/info {"*)
                publish state "$(cat "$state")" -r
                publish status online -r ;;
        esac
    done
publish status offline -r
