# What the tests in this folder need, and what they may skip. Sourced after .mvn/machine.sh.

need_it_packages() {
    [ "$(id -u)" = 0 ] || die "the tests against real daemons need root; ./test without --all does not"
}

check_skips() { # fails unless what the whole run skipped is what skips.txt says
    local skipped=$root/it/target/skipped.txt
    sort -u "$root/it/target/skips.txt" "$root/it/target/skips-on-epoll.txt" >"$skipped"
    if ! diff -u "$root/it/skips.txt" "$skipped" >&2; then
        die "what was skipped is not what it/skips.txt says"
    fi
}
