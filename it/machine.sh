# What the tests in this folder need, and what they may skip. Sourced after .mvn/machine.sh.

has_virsh() { command -v virsh >/dev/null; }
has_busybox() { command -v busybox >/dev/null; }
has_ip() { command -v ip >/dev/null; }
has_network_driver() { has_driver network; }
has_nodedev_driver() { has_driver nodedev; }
has_sshd() { has_file /usr/sbin/sshd && command -v ssh-keygen >/dev/null && command -v openssl >/dev/null; }
has_nft() { command -v nft >/dev/null; }
has_udev() { has_file /lib/systemd/systemd-udevd; }

need_it_packages() {
    [ "$(id -u)" = 0 ] || die "the tests against real daemons need root; ./test without --all does not"
    need_packages \
        has_virsh libvirt-clients libvirt-client \
        has_sshd "openssh-server openssh-client openssl" "openssh-server openssh-clients openssl" \
        has_busybox busybox-static busybox \
        has_ip iproute2 iproute \
        has_nft nftables nftables \
        has_udev udev systemd-udev
    need_packages \
        has_network_driver libvirt-daemon libvirt-daemon-driver-network \
        has_nodedev_driver libvirt-daemon libvirt-daemon-driver-nodedev
    need_guest
}

need_guest() { # what guests boot, made when it is not there
    local guest=$root/it/target/guest
    if [ ! "$guest/initrd.gz" -nt "$root/it/guest.sh" ]; then
        [ "$(package_manager)" = apt ] || die "guests boot a kernel of Debian's, which needs apt-get"
        say "Making what guests boot"
        mkdir -p "$root/target"
        "$root/it/guest.sh" "$guest" >"$root/target/guest.log" 2>&1 \
            || { tail -n 20 "$root/target/guest.log" >&2; die "it/guest.sh failed"; }
    fi
}

check_skips() { # fails unless what the whole run skipped is what skips.txt says
    local skipped=$root/it/target/skipped.txt
    LC_ALL=C sort -u "$root/it/target/skips.txt" "$root/it/target/skips-on-libvirts-loop.txt" >"$skipped"
    if ! diff -u <(expected_skips "$(libvirtd --version | sed 's/.* //')") "$skipped" >&2; then
        die "what was skipped is not what it/skips.txt says"
    fi
}

expected_skips() { # the lines of skips.txt but for those that say they are of a version older than $1
    local line
    while read -r line; do
        if [[ $line =~ (needs libvirt|libvirt before)\ ([0-9.]+) ]] \
            && printf '%s\n' "${BASH_REMATCH[2]}" "$1" | sort --version-sort --check=quiet; then
            continue
        fi
        printf '%s\n' "$line"
    done <"$root/it/skips.txt"
}
