package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainAgentSetResponseTimeout;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainAuthorizedSSHKeysGet;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainAuthorizedSSHKeysSet;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainFSFreeze;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainFSInfoFree;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainFSThaw;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainFSTrim;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetFSInfo;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetGuestInfo;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetGuestVcpus;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetHostname;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainGetTime;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainInterfaceAddresses;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainInterfaceFree;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSendProcessSignal;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetGuestVcpus;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetTime;
import static io.github.libvirt4j.internal.raw.LibvirtDomain.virDomainSetUserPassword;

import io.github.libvirt4j.internal.c.CArrays;
import io.github.libvirt4j.internal.c.CMemory;
import io.github.libvirt4j.internal.c.CText;
import io.github.libvirt4j.internal.c.CpuMaps;
import io.github.libvirt4j.internal.raw.VirDomainFSInfo;
import io.github.libvirt4j.internal.raw.VirDomainIPAddress;
import io.github.libvirt4j.internal.raw.VirDomainInterface;
import io.github.libvirt4j.types.DomainAuthorizedSshKeysSetFlags;
import io.github.libvirt4j.types.DomainGetHostnameFlags;
import io.github.libvirt4j.types.DomainGuestInfoTypes;
import io.github.libvirt4j.types.DomainInterfaceAddressesSource;
import io.github.libvirt4j.types.DomainProcessSignal;
import io.github.libvirt4j.types.DomainSetTimeFlags;
import io.github.libvirt4j.types.DomainSetUserPasswordFlags;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.IpAddrType;
import io.github.libvirt4j.types.TypedParameters;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The operating system in a guest: `domain.guest()`. Immutable, safe for use by any thread. See
/// [collections][io.github.libvirt4j] in the package description.
///
/// Most methods ask the guest agent (`qemu-ga`), a program in the guest that the domain has a channel for.
/// They throw an [OperationInvalidException][io.github.libvirt4j.error.OperationInvalidException] if the
/// domain does not run, and another
/// [LibvirtException][io.github.libvirt4j.error.LibvirtException] if the agent does not run, does not have
/// the command, or fails. An agent is not trustworthy: the guest decides what it answers.
///
/// @param domain the domain
public record DomainGuest(Domain domain) {
    /// A file system that is mounted in a guest. C: `virDomainFSInfo`. Immutable, safe for use by any thread.
    ///
    /// @param mountpoint the folder it is mounted on, or a drive letter
    /// @param name of the device in the guest: `vda1`, …
    /// @param fstype its type: `ext4`, …
    /// @param devAlias the targets of the domain's disks it is on, `vda`, as far as the driver knows them
    public record FsInfo(String mountpoint, String name, String fstype, List<String> devAlias) {
        /// Copies the list.
        public FsInfo {
            devAlias = List.copyOf(devAlias);
        }

        private static FsInfo of(MemorySegment info) {
            long count = VirDomainFSInfo.ndevAlias(info);
            MemorySegment aliases =
                    CMemory.array("virDomainGetFSInfo", VirDomainFSInfo.devAlias(info), count, Long.BYTES);
            List<String> devAlias = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                devAlias.add(string(CMemory.pointer(aliases, (long) i * Long.BYTES)));
            }
            return new FsInfo(
                    string(VirDomainFSInfo.mountpoint(info)),
                    string(VirDomainFSInfo.name(info)),
                    string(VirDomainFSInfo.fstype(info)),
                    devAlias);
        }

        private static String string(MemorySegment pointer) {
            return Objects.requireNonNullElse(CMemory.string(pointer), "");
        }
    }

    /// A network interface with its addresses. C: `virDomainInterface`. Immutable, safe for use by any
    /// thread.
    ///
    /// @param name of the interface: in the guest if its agent told it, otherwise the target on the host
    /// @param hwaddr the MAC address; null if it has none or it is not known
    /// @param addrs the addresses
    public record Iface(String name, @Nullable String hwaddr, List<IpAddress> addrs) {
        /// Copies the list.
        public Iface {
            addrs = List.copyOf(addrs);
        }

        private static Iface of(MemorySegment iface) {
            int count = VirDomainInterface.naddrs(iface);
            MemorySegment array = CMemory.array(
                    "virDomainInterfaceAddresses", VirDomainInterface.addrs(iface), count, VirDomainIPAddress.SIZE);
            List<IpAddress> addrs = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                addrs.add(IpAddress.of(array.asSlice(i * VirDomainIPAddress.SIZE, VirDomainIPAddress.SIZE)));
            }
            return new Iface(
                    Objects.requireNonNullElse(CMemory.string(VirDomainInterface.name(iface)), ""),
                    CMemory.string(VirDomainInterface.hwaddr(iface)),
                    addrs);
        }
    }

    /// An address of a network interface. C: `virDomainIPAddress`. Immutable, safe for use by any thread.
    ///
    /// @param rawType the type, a `virIPAddrType`
    /// @param addr the address as text: `192.168.122.5`, …
    /// @param prefix the number of bits of the network's part
    public record IpAddress(int rawType, String addr, int prefix) {
        /// The type of the address.
        public IpAddrType type() {
            return IpAddrType.of(rawType);
        }

        private static IpAddress of(MemorySegment address) {
            return new IpAddress(
                    VirDomainIPAddress.type(address),
                    Objects.requireNonNullElse(CMemory.string(VirDomainIPAddress.addr(address)), ""),
                    VirDomainIPAddress.prefix(address));
        }
    }

    /// Returns what the agent tells of the guest.
    ///
    /// @c {@index virDomainGetGuestInfo} libvirt 5.7.0
    /// @param types what to ask for: the result lacks what the agent does not support, and the call fails if
    ///     that is all; an empty set for everything that the agent supports
    /// @return of [DomainGuestInfoKeys][io.github.libvirt4j.types.DomainGuestInfoKeys]
    public TypedParameters info(Set<DomainGuestInfoTypes> types) {
        int bits = Flag.combine(types);
        return domain.takeParameters(
                "virDomainGetGuestInfo", (p, _, params, nparams) -> virDomainGetGuestInfo(p, bits, params, nparams, 0));
    }

    /// Returns the name that the guest has in its network.
    ///
    /// @c {@index virDomainGetHostname} libvirt 0.10.0
    /// @param flags where it comes from; default: the driver chooses. QEMU's asks the agent, and with
    ///     [LEASE][DomainGetHostnameFlags#LEASE] the DHCP servers of libvirt's networks
    /// @throws io.github.libvirt4j.error.LibvirtException also if there is no name
    public String hostname(DomainGetHostnameFlags... flags) {
        int bits = Flag.combine(flags);
        return domain.takeString("virDomainGetHostname", p -> virDomainGetHostname(p, bits));
    }

    /// Returns the network interfaces of the guest with their addresses.
    ///
    /// @c {@index virDomainInterfaceAddresses} libvirt 1.2.14
    /// @param source where the addresses come from: `LEASE`, the DHCP servers of libvirt's networks; `AGENT`,
    ///     the guest's agent; `ARP`, the table of the host
    public List<Iface> interfaceAddresses(DomainInterfaceAddressesSource source) {
        return domain.takeStructs(
                "virDomainInterfaceAddresses",
                CArrays.End.AT_COUNT,
                VirDomainInterface.SIZE,
                (p, _, ifaces) -> virDomainInterfaceAddresses(p, ifaces, source.value(), 0),
                Iface::of,
                iface -> virDomainInterfaceFree(iface));
    }

    /// Returns the clock of the guest.
    ///
    /// @c {@index virDomainGetTime} libvirt 1.2.5
    public Instant time() {
        return domain.fill(
                "virDomainGetTime",
                2 * Long.BYTES,
                (p, both) -> virDomainGetTime(p, both, both.asSlice(Long.BYTES), 0),
                both -> Instant.ofEpochSecond(
                        both.get(ValueLayout.JAVA_LONG, 0),
                        Integer.toUnsignedLong(both.get(ValueLayout.JAVA_INT, Long.BYTES))));
    }

    /// Sets the clock of the guest.
    ///
    /// @c {@index virDomainSetTime} libvirt 1.2.5
    /// @param flags [SYNC][DomainSetTimeFlags#SYNC]: the guest sets its clock by that of its virtual
    ///     hardware, and `time` has no meaning
    public void setTime(Instant time, DomainSetTimeFlags... flags) {
        int bits = Flag.combine(flags);
        domain.call("virDomainSetTime", p -> virDomainSetTime(p, time.getEpochSecond(), time.getNano(), bits));
    }

    /// Returns the file systems that are mounted in the guest.
    ///
    /// @c {@index virDomainGetFSInfo} libvirt 1.2.11
    public List<FsInfo> fsInfo() {
        return domain.takeStructs(
                "virDomainGetFSInfo",
                CArrays.End.AT_COUNT,
                VirDomainFSInfo.SIZE,
                (p, _, info) -> virDomainGetFSInfo(p, info, 0),
                FsInfo::of,
                info -> virDomainFSInfoFree(info));
    }

    /// Freezes file systems of the guest: its programs block when they write, until [#fsThaw]. Images of its
    /// disks are consistent meanwhile. A guest that nobody thaws is lost, also if this call fails after the
    /// agent has frozen it: the program `FreezeGuest` in `examples` shows how to thaw it whatever fails.
    ///
    /// @c {@index virDomainFSFreeze} libvirt 1.2.5
    /// @param mountpoints the file systems; none for all that are mounted
    /// @return the number of file systems that were frozen
    public int fsFreeze(String... mountpoints) {
        List<String> copy = List.of(mountpoints);
        return domain.call(
                "virDomainFSFreeze",
                (p, in) -> virDomainFSFreeze(
                        p, copy.isEmpty() ? MemorySegment.NULL : in.strings(copy, "mountpoints"), copy.size(), 0));
    }

    /// Thaws file systems of the guest that [#fsFreeze] has frozen.
    ///
    /// @c {@index virDomainFSThaw} libvirt 1.2.5
    /// @param mountpoints the file systems; none for all, the only choice that QEMU's driver
    ///     accepts
    /// @return the number of file systems that were thawed
    public int fsThaw(String... mountpoints) {
        List<String> copy = List.of(mountpoints);
        return domain.call(
                "virDomainFSThaw",
                (p, in) -> virDomainFSThaw(
                        p, copy.isEmpty() ? MemorySegment.NULL : in.strings(copy, "mountpoints"), copy.size(), 0));
    }

    /// Tells the storage below the guest's file systems which blocks are not used (`fstrim`).
    ///
    /// @c {@index virDomainFSTrim} libvirt 1.0.1
    /// @param mountpoint the file system; null for all, the only value that QEMU's driver accepts
    /// @param minimum the smallest free range to tell, in bytes, an unsigned number; 0 for all
    public void fsTrim(@Nullable String mountpoint, long minimum) {
        domain.call(
                "virDomainFSTrim",
                (p, in) -> virDomainFSTrim(p, in.stringOrNull(mountpoint, "mountpoint"), minimum, 0));
    }

    /// Returns the processors that the guest's operating system knows, as its agent tells.
    ///
    /// @c {@index virDomainGetGuestVcpus} libvirt 2.0.0
    /// @return lists of numbers such as `0-3`: `vcpus`, all of them; `online`; `offlinable`, which the guest
    ///     can do without
    /// @see DomainCpu#vcpus
    public TypedParameters vcpus() {
        return domain.takeParameters(
                "virDomainGetGuestVcpus", (p, _, params, nparams) -> virDomainGetGuestVcpus(p, params, nparams, 0));
    }

    /// Puts processors of the guest on or off line, in its operating system. The domain keeps them.
    ///
    /// @c {@index virDomainSetGuestVcpus} libvirt 2.0.0
    /// @param vcpus the numbers of the processors, the guest's own; one at least
    /// @param online their new state
    public void setVcpus(BitSet vcpus, boolean online) {
        String map = CpuMaps.text(vcpus);
        domain.call(
                "virDomainSetGuestVcpus",
                (p, in) -> virDomainSetGuestVcpus(p, in.string(map, "vcpus"), online ? 1 : 0, 0));
    }

    /// Sets the password of a user of the guest.
    ///
    /// @c {@index virDomainSetUserPassword} libvirt 1.2.16
    /// @param password the password, in UTF-8 for the guest; the array is wiped before this method returns.
    ///     libvirt's protocol, the daemon and the agent make copies
    /// @param flags default: the guest encrypts the password;
    ///     [ENCRYPTED][DomainSetUserPasswordFlags#ENCRYPTED] if it is encrypted in the way that the guest
    ///     stores passwords
    /// @throws IllegalArgumentException if a text has a NUL or cannot be UTF-8
    public void setUserPassword(String user, char[] password, DomainSetUserPasswordFlags... flags) {
        char[] copy = password.clone();
        Arrays.fill(password, '\0');
        int bits = Flag.combine(flags);
        domain.timed("virDomainSetUserPassword", () -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment secret = arena.allocate(CText.mostBytes(copy.length));
                try {
                    ByteBuffer bytes = secret.asByteBuffer();
                    CText.encode(CharBuffer.wrap(copy), bytes, "password");
                    bytes.put((byte) 0);
                    return domain.call(
                            "virDomainSetUserPassword",
                            (p, in) -> virDomainSetUserPassword(p, in.string(user, "user"), secret, bits));
                } finally {
                    secret.fill((byte) 0);
                }
            } finally {
                Arrays.fill(copy, '\0');
            }
        });
    }

    /// Returns the SSH keys that let users log in as a user of the guest (`authorized_keys`).
    ///
    /// @c {@index virDomainAuthorizedSSHKeysGet} libvirt 6.10.0
    /// @return one element for each line, in the order of the agent; comments and empty lines are left out
    public List<String> authorizedSshKeys(String user) {
        return domain.takeStrings(
                "virDomainAuthorizedSSHKeysGet",
                CArrays.End.AT_COUNT,
                (p, in, keys) -> virDomainAuthorizedSSHKeysGet(p, in.string(user, "user"), keys, 0));
    }

    /// Sets the SSH keys that let users log in as a user of the guest.
    ///
    /// @c {@index virDomainAuthorizedSSHKeysSet} libvirt 6.10.0
    /// @param keys the lines of `authorized_keys`
    /// @param flags default: they replace all others; [APPEND][DomainAuthorizedSshKeysSetFlags#APPEND] adds
    ///     them, [REMOVE][DomainAuthorizedSshKeysSetFlags#REMOVE] removes them
    public void setAuthorizedSshKeys(String user, List<String> keys, DomainAuthorizedSshKeysSetFlags... flags) {
        List<String> copy = List.copyOf(keys);
        int bits = Flag.combine(flags);
        domain.call(
                "virDomainAuthorizedSSHKeysSet",
                (p, in) -> virDomainAuthorizedSSHKeysSet(
                        p,
                        in.string(user, "user"),
                        copy.isEmpty() ? MemorySegment.NULL : in.strings(copy, "keys"),
                        copy.size(),
                        bits));
    }

    /// Sends a signal to a process of the guest. The driver of Linux containers (LXC) has this function, and
    /// QEMU's does not.
    ///
    /// @c {@index virDomainSendProcessSignal} libvirt 1.0.1
    /// @param pid the number of the process in the guest; a negative one is that of a process group
    public void sendProcessSignal(long pid, DomainProcessSignal signal) {
        domain.call("virDomainSendProcessSignal", p -> virDomainSendProcessSignal(p, pid, signal.value(), 0));
    }

    /// Sets how long libvirt waits for an answer of the agent, in later calls of any client.
    ///
    /// @c {@index virDomainAgentSetResponseTimeout} libvirt 5.10.0
    /// @param timeout the time in seconds, or a number of
    ///     [DomainAgentResponseTimeoutValues][io.github.libvirt4j.types.DomainAgentResponseTimeoutValues]:
    ///     −2, `BLOCK`, to wait without a limit, which is libvirt's initial value; −1, `DEFAULT`, for 5
    ///     seconds; 0, `NOWAIT`, to fail unless the answer is there at once
    public void agentSetResponseTimeout(int timeout) {
        domain.call("virDomainAgentSetResponseTimeout", p -> virDomainAgentSetResponseTimeout(p, timeout, 0));
    }
}
