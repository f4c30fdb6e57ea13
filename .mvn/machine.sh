# What the machine must have. Sourced by ./run and ./test, with `root` set to the project's folder.
#
#   need_jdk            sets and exports JAVA_HOME: a JDK 25 or newer
#   need_packages C A D …  threes of a check, the package of apt and the one of dnf; installs what is missing
#   need_test_packages  what the tests need
#   maven ARGUMENT …    runs Maven, one at a time in this folder, and shows how far it is; its whole output goes to
#                       target/maven.log
#   lock_builds, unlock_builds  around more than that

say() { printf '%s\n' "$*" >&2; }
die() { say "$0: $*"; exit 1; }

jdk_version() { # of the JDK in folder $1; nothing if there is none
    [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 0
    sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"
}

find_jdk() { # prints the folder of the first JDK that is new enough
    local java home version
    java=$(command -v java || true)
    [ -z "$java" ] || java=$(dirname "$(dirname "$(readlink -f "$java")")")
    for home in "${JAVA_HOME:-}" "$java" /usr/lib/jvm/*25* /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /opt/*jdk*; do
        [ -n "$home" ] || continue
        version=$(jdk_version "$home")
        if [ -n "$version" ] && [ "$version" -ge 25 ]; then
            printf '%s\n' "$home"
            return
        fi
    done
}

as_root() { # how to become root without a question; fails if there is no way
    if [ "$(id -u)" = 0 ]; then
        echo env
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        echo "sudo env"
    else
        return 1
    fi
}

package_manager() {
    if command -v apt-get >/dev/null; then echo apt; elif command -v dnf >/dev/null; then echo dnf; fi
}

install() { # packages; or says which command would, and ends
    local command become
    case $(package_manager) in
        apt) command="apt-get install -y --no-install-recommends $*" ;;
        dnf) command="dnf install -y $*" ;;
        *) die "please install: $*" ;;
    esac
    if ! become=$(as_root); then
        say "This needs packages that are not installed. Please run:"
        say "    sudo $command"
        exit 1
    fi
    say "Installing $*"
    mkdir -p "$root/target"
    if [ "$(package_manager)" = apt ]; then
        $become DEBIAN_FRONTEND=noninteractive apt-get update >"$root/target/install.log" 2>&1 || true
    fi
    # shellcheck disable=SC2086
    if ! $become DEBIAN_FRONTEND=noninteractive $command >>"$root/target/install.log" 2>&1; then
        tail -n 20 "$root/target/install.log" >&2
        die "this failed: $command"
    fi
}

jdk_package() { # prints the name of one that the system's sources have
    local name
    case $(package_manager) in
        apt)
            for name in openjdk-25-jdk-headless temurin-25-jdk openjdk-26-jdk-headless temurin-26-jdk; do
                if apt-cache show "$name" >/dev/null 2>&1; then
                    echo "$name"
                    return
                fi
            done
            ;;
        dnf)
            for name in java-25-openjdk-devel java-latest-openjdk-devel temurin-25-jdk; do
                if dnf -qy info "$name" >/dev/null 2>&1 </dev/null; then
                    echo "$name"
                    return
                fi
            done
            ;;
    esac
}

need_folder() { # one whose path Java can take, and a locale in which it can
    local moved="please move this project to another one"
    # In the locale of C, which is also what one ends in that is not installed, Java knows no paths but ASCII.
    if [ "$(locale charmap 2>/dev/null)" = ANSI_X3.4-1968 ]; then
        if [ "${LC_ALL-}" ]; then export LC_ALL=C.UTF-8; else export LC_CTYPE=C.UTF-8; fi
    fi
    case $root in
        *:*) die "Java takes no folder with ':' in its path ($root): $moved" ;;
        *[!\ -~]*)
            printf %s "$root" | iconv -f "$(locale charmap)" -t UTF-8 >/dev/null 2>&1 \
                || die "the path of this folder is not in the encoding of the locale ($(locale charmap)): $moved"
            ;;
    esac
}

need_jdk() {
    local home package become
    need_folder
    home=$(find_jdk)
    if [ -z "$home" ]; then
        if [ "$(package_manager)" = apt ] && become=$(as_root); then
            $become apt-get update >/dev/null 2>&1 || true
        fi
        package=$(jdk_package)
        if [ -z "$package" ]; then
            say "libvirt4j needs a JDK 25 or newer, and this system's package sources have none (Debian 12 does not)."
            [ "$(package_manager)" != apt ] || [ "$(id -u)" = 0 ] \
                || say "If they were never read here, 'sudo apt-get update' may change that."
            say "Eclipse Temurin has one for every system. Add its package source as described at"
            say "    https://adoptium.net/installation/linux"
            say "and then run:"
            say "    sudo apt-get install temurin-25-jdk        (or: sudo dnf install temurin-25-jdk)"
            say "Or unpack its archive anywhere and set JAVA_HOME to that folder."
            exit 1
        fi
        install "$package"
        home=$(find_jdk)
        [ -n "$home" ] || die "no JDK 25 or newer, although $package was installed; set JAVA_HOME to one"
    fi
    export JAVA_HOME=$home
}

has_file() { # whether any of the files is there
    local file
    for file; do
        [ -e "$file" ] && return
    done
    return 1
}
has_unzip() { command -v unzip >/dev/null; }
has_libvirt() { has_file /usr/lib/*-linux-gnu/libvirt.so.0 /usr/lib64/libvirt.so.0 /usr/lib/libvirt.so.0 /usr/local/lib*/libvirt.so.0; }
has_headers() { has_file /usr/include/libvirt/libvirt.h && has_file /usr/share/libvirt/api/libvirt-api.xml; }
has_cc() { command -v cc >/dev/null && has_file /usr/include/stdio.h; }

has_setpriv() { command -v setpriv >/dev/null; }
has_script() { command -v script >/dev/null; }
has_tmux() { command -v tmux >/dev/null; }
has_libvirtd() { has_file /usr/sbin/libvirtd /usr/bin/libvirtd; }
has_driver() { has_file /usr/lib*/libvirt/connection-driver/libvirt_driver_"$1".so /usr/lib/*-linux-gnu/libvirt/connection-driver/libvirt_driver_"$1".so; }
has_secret_driver() { has_driver secret; }
has_qemu_driver() { has_driver qemu; }
has_qemu() { command -v qemu-system-x86_64 >/dev/null; }
has_storage_driver() { has_driver storage; }
has_certtool() { command -v certtool >/dev/null; }
has_sasl() { has_file /usr/sbin/saslpasswd2 && has_sasl_mechanism digestmd5 && has_sasl_mechanism scram; }
has_sasl_mechanism() { has_file /usr/lib*/sasl2/lib"$1".so* /usr/lib/*-linux-gnu/sasl2/lib"$1".so*; }

need_packages() {
    local missing=()
    while [ $# -gt 0 ]; do
        if ! "$1"; then
            if [ "$(package_manager)" = dnf ]; then missing+=("$3"); else missing+=("$2"); fi
        fi
        shift 3
    done
    # shellcheck disable=SC2048,SC2086
    [ ${#missing[@]} = 0 ] || install ${missing[*]}
}

need_test_packages() { # what the tests need that are for every machine
    need_packages \
        has_unzip unzip unzip \
        has_libvirt libvirt0 libvirt-libs \
        has_headers libvirt-dev libvirt-devel \
        has_cc "gcc libc6-dev" gcc \
        has_setpriv util-linux util-linux \
        has_script bsdutils util-linux-script \
        has_tmux tmux tmux \
        has_libvirtd libvirt-daemon libvirt-daemon \
        has_certtool gnutls-bin gnutls-utils \
        has_sasl "sasl2-bin libsasl2-modules" "cyrus-sasl cyrus-sasl-md5 cyrus-sasl-scram"
    # In packages of their own, or in that of the daemon.
    need_packages \
        has_secret_driver libvirt-daemon-driver-secret libvirt-daemon-driver-secret \
        has_qemu_driver libvirt-daemon-driver-qemu libvirt-daemon-driver-qemu \
        has_qemu qemu-system-x86 qemu-system-x86-core \
        has_storage_driver libvirt-daemon-driver-storage libvirt-daemon-driver-storage-core
}

lock=
lock_builds() { # waits until no other process builds in this folder, and keeps others from it
    [ -z "$lock" ] && command -v flock >/dev/null || return 0
    mkdir -p "$root/target"
    exec {lock}>"$root/target/lock"
    flock --nonblock $lock || { say "Waiting for another build in this folder"; flock $lock; }
}

unlock_builds() {
    [ -z "$lock" ] || exec {lock}>&-
    lock=
}

maven() {
    local log=$root/target/maven.log held=$lock
    mkdir -p "$root/target"
    lock_builds
    if ! (
        # A daemon that a test leaves behind must not hold the lock.
        unlock_builds
        cd "$root" && ./mvnw -B "$@"
    ) 2>&1 </dev/null | tee "$log" | progress; then
        say
        failures "$log" >&2
        die "the build failed; all it said is in target/maven.log"
    fi
    [ "$held" ] || unlock_builds
}

progress() { # of Maven: its modules, and what the tests say
    sed -n -u \
        -e 's/^\[INFO\] Building \(libvirt4j.*\) [0-9][^ ]* *\(\[[0-9/]*\]\)$/\2 \1/p' \
        -e '/^\[[A-Z]*\] Tests run:/s/^\[[A-Z]*\] //p' \
        -e 's/^Downloading from central: .*\/\(maven-[a-z]*-plugin\).*\.pom$/fetching \1/p' >&2
}

failures() { # of Maven's output $1: whole what tests, compiler, checks and downloads said, without Maven's advice
    awk -v maven="JAVA_HOME=$JAVA_HOME ./mvnw" '
        # Tests, with those frames that are not of Java or JUnit.
        /^\[ERROR\] .* Time elapsed: .* <<< (FAILURE|ERROR)!/ { print ""; part = "test" }
        # Each warning is an error.
        /^\[WARNING\] .*\.java:\[/ { part = "warning" }
        /^\[ERROR\] (Failed to execute goal|The build could not|Some problems|Unresolveable|.*Non-resolvable)/ { print ""; part = "goal" }
        /^\[(INFO|WARNING|ERROR)\]/ && !/<<< (FAILURE|ERROR)!$/ && part == "test" { part = "" }
        /^\[(INFO|ERROR)\]/ && part == "warning" { part = "" }
        /^\[INFO\]/ || /^\[ERROR\] (To see the full stack trace|Re-run Maven|For more information|\[Help|After correcting|  mvn <args>)/ { part = ""; next }
        part == "" || /^\tat (java\.base|org\.junit|org\.apache)/ || /^\[ERROR\] (-> \[Help [0-9]*\])?$/ { next }
        {
            sub(/^\[(ERROR|WARNING)\] /, "")
            sub(/ -> \[Help [0-9]*\]$/, "")
            gsub(/\047mvn /, "\047" maven " ")
        }
        part == "warning" { warnings = warnings $0 "\n"; next }
        /-Werror specified$/ { printf "%s", warnings; warnings = "" }
        { print; said = 1 }
        END { exit !said }' "$1" || tail -n 40 "$1"
}
