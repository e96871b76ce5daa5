#!/usr/bin/env bash
# Fuzzes every target for so many seconds: tests/fuzz/run.sh SECONDS [TARGET…]
#
# Two targets at a time, each beginning with its corpus here and what earlier runs found beyond it,
# which is kept in build/fuzz/corpus. Writes build/soak/fuzz.json; ends with 1 if anything was found,
# and says where the input is and how to run it again.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

folder=build/fuzz
# A value is at most 16 KiB on the wire of devices; more of the same finds nothing new.
longest=16384
# What one input may take: no parser may build much of little.
limits=(-timeout=2 -malloc_limit_mb=256 -rss_limit_mb=1024)

fail() {
    printf '%s\n' "fuzz: $*" >&2
    exit 1
}

targets_of_build() {
    sed -n '/^set(targets/,/)$/p' tests/fuzz/CMakeLists.txt | sed '1d; s/)$//' | tr -d ' '
}

fuzz_one() { # target, seconds; the log has the result
    local target=$1 found=$folder/findings/$1 dictionary=tests/fuzz/dictionaries/$1.txt words=()
    mkdir -p "$folder/corpus/$target" "$found"
    if [[ -e $dictionary ]]; then
        words=(-dict="$dictionary")
    fi
    ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=0 "$folder/bin/fuzz_$target" "${limits[@]}" "${words[@]}" \
        -max_len=$longest -max_total_time="$2" -print_final_stats=1 -artifact_prefix="$found/" \
        "$folder/corpus/$target" "tests/fuzz/corpus/$target" >"$folder/$target.log" 2>&1 || true
}

statistic() { # name, log
    sed -n "s/^stat::$1: *//p" "$2" | tail -n 1
}

# The last line of progress: "#123 DONE cov: 456 ft: 789 corp: 12/3456b …"
progress() { # what, log
    grep -oE "\b$1: [0-9]+" "$2" | tail -n 1 | grep -oE '[0-9]+$' || echo 0
}

crashes=0 executions=0
figures=
count() { # target, seconds
    local log=$folder/$1.log runs crashed=0
    runs=$(statistic number_of_executed_units "$log")
    if grep -q '^artifact_prefix=' "$log" || [[ -z $runs ]]; then
        crashed=1
        printf '\nfuzz: %s broke:\n' "$1" >&2
        grep -E '^(SUMMARY|  what\(\)|Test unit written|==[0-9]+== ?ERROR|muster: )|runtime error' "$log" >&2 || tail -n 5 "$log" >&2
        printf 'Again: %s/bin/fuzz_%s INPUT, with INPUT one of:\n' "$folder" "$1" >&2
        find "$folder/findings/$1" -type f -printf '  %p\n' >&2
    fi
    crashes=$((crashes + crashed))
    executions=$((executions + ${runs:-0}))
    figures+=$(printf '  "%s_executions": %d,\n  "%s_seconds": %d,\n  "%s_coverage": %d,\n  "%s_features": %d,\n  "%s_corpus": %d,\n  "%s_crashes": %d,\n.' \
        "$1" "${runs:-0}" "$1" "$2" "$1" "$(progress cov "$log")" "$1" "$(progress ft "$log")" \
        "$1" "$(find "$folder/corpus/$1" "tests/fuzz/corpus/$1" -type f | wc -l)" "$1" "$crashed")
    figures=${figures%.}
    printf '%-14s %10d executions  %6d features  %s\n' "$1" "${runs:-0}" "$(progress ft "$log")" \
        "$([[ $crashed == 0 ]] && echo ok || echo FOUND)" >&2
}

[[ ${1:-} =~ ^[0-9]+$ && $1 -gt 0 ]] || fail "usage: tests/fuzz/run.sh SECONDS [TARGET…]"
seconds=$1
shift
targets=("$@")
((${#targets[@]} > 0)) || mapfile -t targets < <(targets_of_build)

cmake --preset fuzz >/dev/null || fail "cmake --preset fuzz failed; see above"
cmake --build --preset fuzz --parallel "$(nproc)" >&2 || fail "the build failed"
rm -rf "$folder/findings"
for target in "${targets[@]}"; do
    [[ -x $folder/bin/fuzz_$target ]] || fail "there is no target $target"
done

for ((at = 0; at < ${#targets[@]}; at += 2)); do
    pair=("${targets[@]:at:2}")
    started=()
    for target in "${pair[@]}"; do
        fuzz_one "$target" "$seconds" &
        started+=($!)
    done
    wait "${started[@]}"
    for target in "${pair[@]}"; do
        count "$target" "$seconds"
    done
done

mkdir -p build/soak
printf '{\n%s  "targets": %d,\n  "seconds": %d,\n  "executions": %d,\n  "crashes": %d\n}\n' \
    "$figures" "${#targets[@]}" "$((seconds * ${#targets[@]}))" "$executions" "$crashes" >build/soak/fuzz.json
printf '%d executions in all, %d targets broke; build/soak/fuzz.json has the figures\n' "$executions" "$crashes" >&2
((crashes == 0))
