package io.github.libvirt4j.examples;

import io.github.libvirt4j.Connect;
import io.github.libvirt4j.Domain;
import io.github.libvirt4j.DomainDisk;
import io.github.libvirt4j.types.DomainDeviceModifyFlags;

/// Adds a disk to a running domain: `HotPlugDisk URI DOMAIN IMAGE TARGET`, where `TARGET` is such as `vdb`.
public final class HotPlugDisk {
    private HotPlugDisk() {}

    public static void main(String[] arguments) {
        String target = arguments[3];
        try (Connect connect = Connect.open(arguments[0]);
                Domain domain = connect.domains().lookupByName(arguments[1])) {
            // The running domain, and its definition: without the second the disk is gone at the next start.
            domain.devices()
                    .attach(
                            """
                            <disk type='file'>
                              <driver name='qemu' type='raw'/>
                              <source file='%s'/>
                              <target dev='%s' bus='virtio'/>
                            </disk>
                            """.formatted(arguments[2], target),
                            DomainDeviceModifyFlags.LIVE,
                            DomainDeviceModifyFlags.CONFIG);
            DomainDisk.Info info = domain.disk(target).info();
            System.out.println(target + " has " + info.capacity() + " bytes");
        }
    }
}
