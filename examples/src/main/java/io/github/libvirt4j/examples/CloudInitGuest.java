package io.github.libvirt4j.examples;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.StoragePool;
import io.github.libvirt4j.StorageVol;
import io.github.libvirt4j.error.LibvirtException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/// Starts a guest from a cloud image: `CloudInitGuest URI POOL NAME IMAGE USER-DATA`.
///
/// `IMAGE` is such as a distributor has for OpenStack, of the format qcow2 or raw. `USER-DATA` is a file for
/// cloud-init, which configures the guest when it starts for the first time:
///
/// ```yaml
/// #cloud-config
/// ssh_authorized_keys:
///   - ssh-ed25519 AAAA… me@example
/// ```
///
/// The program copies the image to a volume of the pool, and makes a second volume, the *seed*, in which
/// cloud-init finds `USER-DATA` (its data source is NoCloud). Neither file need be on the host of the
/// hypervisor. If the guest does not start, nothing of it remains.
public final class CloudInitGuest {
    /// QEMU's format of images begins with it.
    private static final byte[] QCOW2 = {'Q', 'F', 'I', (byte) 0xFB};

    private CloudInitGuest() {}

    public static void main(String[] arguments) throws IOException {
        String name = arguments[2];
        Path image = Path.of(arguments[3]);
        SortedMap<String, byte[]> files = new TreeMap<>();
        files.put("user-data", Files.readAllBytes(Path.of(arguments[4])));
        // With another instance-id, cloud-init would configure the guest once more.
        files.put("meta-data", """
                instance-id: %s
                local-hostname: %1$s
                """.formatted(name).getBytes(StandardCharsets.UTF_8));
        Path seed = Files.createTempFile("seed", ".iso");
        try {
            Files.write(seed, Seed.of(files));
            try (Connect connect = Connect.open(arguments[0]);
                    StoragePool pool = connect.storagePools().lookupByName(arguments[1]);
                    Upload disk = new Upload(pool, name + ".img", image);
                    Upload second = new Upload(pool, name + "-seed.iso", seed)) {
                start(connect, """
                        <domain type='%s'>
                          <name>%s</name>
                          <memory unit='MiB'>1024</memory>
                          <os><type>hvm</type></os>
                          <features><acpi/></features>
                          <cpu mode='maximum'/>
                          <devices>
                            <disk type='volume' device='disk'>
                              <driver name='qemu' type='%s'/>
                              <source pool='%s' volume='%2$s.img'/>
                              <target dev='vda' bus='virtio'/>
                            </disk>
                            <disk type='volume' device='disk'>
                              <driver name='qemu' type='raw'/>
                              <source pool='%4$s' volume='%2$s-seed.iso'/>
                              <target dev='vdb' bus='virtio'/>
                              <readonly/>
                            </disk>
                            <interface type='user'><model type='virtio'/></interface>
                            <serial type='pty'/>
                          </devices>
                        </domain>
                        """.formatted(hypervisor(connect), name, format(image), arguments[1]));
                disk.isUsed = true;
                second.isUsed = true;
            }
        } finally {
            Files.delete(seed);
        }
    }

    /// With the acceleration of the processor, if the host has it.
    private static String hypervisor(Connect connect) {
        return connect.capabilities().contains("<domain type='kvm'") ? "kvm" : "qemu";
    }

    private static String format(Path image) throws IOException {
        try (InputStream content = Files.newInputStream(image)) {
            return Arrays.equals(content.readNBytes(QCOW2.length), QCOW2) ? "qcow2" : "raw";
        }
    }

    private static void start(Connect connect, String xml) {
        try (Domain domain = connect.domains().define(xml)) {
            try {
                domain.create();
            } catch (LibvirtException e) {
                domain.undefine();
                throw e;
            }
            System.out.println(domain.name() + ": " + domain.state());
        }
    }

    /// A volume that is deleted unless a guest uses it.
    private static final class Upload implements AutoCloseable {
        private final StorageVol volume;
        private boolean isUsed;

        Upload(StoragePool pool, String name, Path file) throws IOException {
            volume = pool.volumes().create("""
                    <volume>
                      <name>%s</name>
                      <capacity unit='bytes'>%d</capacity>
                      <target><format type='raw'/></target>
                    </volume>
                    """.formatted(name, Files.size(file)));
            try {
                volume.upload(file);
            } catch (IOException | RuntimeException e) {
                close();
                throw e;
            }
        }

        @Override
        public void close() {
            try (volume) {
                if (!isUsed) {
                    volume.delete();
                }
            }
        }
    }

    /// The seed: a file system of the format ISO 9660 (ECMA-119) with one folder. Cloud-init recognizes it by
    /// its label. Tools such as `cloud-localds` and `xorriso` make the same; this class needs none of them.
    private static final class Seed {
        private static final String LABEL = "cidata";
        private static final int SECTOR = 2048;

        // Sectors, of which the first sixteen are empty.
        private static final int DESCRIPTOR = 16;
        private static final int END = 17;
        private static final int PATHS = 18;
        private static final int PATHS_BIG_ENDIAN = 19;
        private static final int FOLDER = 20;
        private static final int FILES = 21;

        private static final int PATHS_SIZE = 10;
        private static final byte IS_FOLDER = 2;

        private final ByteBuffer image;

        private Seed(int sectors) {
            image = ByteBuffer.allocate(sectors * SECTOR);
        }

        /// @param files in the order of their names, which the format requires
        static byte[] of(SortedMap<String, byte[]> files) {
            int sectors = FILES;
            for (byte[] content : files.values()) {
                sectors += sectors(content);
            }
            Seed seed = new Seed(sectors);
            seed.descriptor(sectors);
            seed.paths(PATHS, ByteOrder.LITTLE_ENDIAN);
            seed.paths(PATHS_BIG_ENDIAN, ByteOrder.BIG_ENDIAN);
            seed.files(files);
            return seed.image.array();
        }

        private static int sectors(byte[] content) {
            return Math.ceilDiv(content.length, SECTOR);
        }

        private void descriptor(int sectors) {
            start(DESCRIPTOR, 1);
            image.put((byte) 0);
            // The system, and the label.
            text("", 32);
            text(LABEL, 32);
            image.position(image.position() + 8);
            number(sectors);
            image.position(image.position() + 32);
            // One disk, which is the first.
            shortNumber(1);
            shortNumber(1);
            shortNumber(SECTOR);
            number(PATHS_SIZE);
            image.order(ByteOrder.LITTLE_ENDIAN).putInt(PATHS).putInt(0);
            image.order(ByteOrder.BIG_ENDIAN).putInt(PATHS_BIG_ENDIAN).putInt(0);
            entry("\0", FOLDER, SECTOR, IS_FOLDER);
            // Names of persons, programs and files.
            text("", 4 * 128 + 3 * 37);
            for (int time = 0; time < 4; time++) {
                // Not known, and not in a time zone.
                image.put("0".repeat(16).getBytes(StandardCharsets.US_ASCII)).put((byte) 0);
            }
            image.put((byte) 1);
            start(END, 255);
        }

        private void start(int sector, int type) {
            image.position(sector * SECTOR);
            image.put((byte) type)
                    .put("CD001".getBytes(StandardCharsets.US_ASCII))
                    .put((byte) 1);
        }

        /// The one folder there is, which is its own parent.
        private void paths(int sector, ByteOrder order) {
            image.position(sector * SECTOR);
            image.order(order)
                    .put((byte) 1)
                    .put((byte) 0)
                    .putInt(FOLDER)
                    .putShort((short) 1)
                    .putShort((short) 0);
        }

        private void files(SortedMap<String, byte[]> files) {
            image.position(FOLDER * SECTOR);
            entry("\0", FOLDER, SECTOR, IS_FOLDER);
            entry("\1", FOLDER, SECTOR, IS_FOLDER);
            int sector = FILES;
            for (var file : files.entrySet()) {
                byte[] content = file.getValue();
                entry(file.getKey(), sector, content.length, (byte) 0);
                image.put(sector * SECTOR, content);
                sector += sectors(content);
            }
        }

        private void entry(String name, int sector, int size, byte kind) {
            int length = (33 + name.length() + 1) / 2 * 2;
            int end = image.position() + length;
            image.put((byte) length).put((byte) 0);
            number(sector);
            number(size);
            // The first of January 1970.
            image.put(new byte[] {70, 1, 1, 0, 0, 0, 0}).put(kind).putShort((short) 0);
            shortNumber(1);
            image.put((byte) name.length()).put(name.getBytes(StandardCharsets.US_ASCII));
            image.position(end);
        }

        private void text(String text, int length) {
            image.put((text + " ".repeat(length - text.length())).getBytes(StandardCharsets.US_ASCII));
        }

        /// In both byte orders.
        private void number(int value) {
            image.order(ByteOrder.LITTLE_ENDIAN).putInt(value);
            image.order(ByteOrder.BIG_ENDIAN).putInt(value);
        }

        private void shortNumber(int value) {
            image.order(ByteOrder.LITTLE_ENDIAN).putShort((short) value);
            image.order(ByteOrder.BIG_ENDIAN).putShort((short) value);
        }
    }
}
