package io.github.libvirt4j.internal.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The part of a domain's XML that proves the end of a job.
///
/// @param id the number of the running domain, which no later run has; null if it does not run
/// @param disks the disks, in order
public record DomainXml(@Nullable String id, List<Disk> disks) {
    /// The attributes of a source that say which image it is; others, such as `index`, change with the run.
    private static final Set<String> IDENTIFYING =
            Set.of("protocol", "pool", "volume", "dir", "query", "namespace", "port", "host", "socket", "transport");

    /// A disk.
    ///
    /// @param target the target device: `vda`, …
    /// @param images the names of its images, from the one that the guest uses down the backing chain
    /// @param mirror the second image of a copy or an active commit; null if there is none
    public record Disk(
            String target, List<String> images, @Nullable Mirror mirror) {}

    /// The second image of a copy or an active commit.
    ///
    /// @param image its name; null if the XML does not say
    /// @param isReady whether libvirt permits a pivot
    public record Mirror(@Nullable String image, boolean isReady) {}

    /// Reads the description of a domain.
    ///
    /// @throws IllegalArgumentException if it is not XML
    public static DomainXml read(String xml) {
        XmlElement domain = XmlElement.parse(xml);
        List<Disk> disks = new ArrayList<>();
        XmlElement devices = domain.child("devices");
        if (devices != null) {
            for (XmlElement disk : devices.children("disk")) {
                disks.add(disk(disk));
            }
        }
        return new DomainXml(domain.attribute("id"), disks);
    }

    private static Disk disk(XmlElement disk) {
        XmlElement target = disk.child("target");
        List<String> images = new ArrayList<>();
        for (XmlElement at = disk; at != null; at = at.child("backingStore")) {
            String image = image(at);
            if (image != null) {
                images.add(image);
            }
        }
        XmlElement mirror = disk.child("mirror");
        return new Disk(
                target == null ? "" : Objects.requireNonNullElse(target.attribute("dev"), ""),
                images,
                mirror == null ? null : new Mirror(image(mirror), "yes".equals(mirror.attribute("ready"))));
    }

    /// The name of the image that a `<disk>`, `<backingStore>` or `<mirror>` element describes: its path, or
    /// the attributes of its source; null if it has no source.
    static @Nullable String image(XmlElement element) {
        XmlElement source = element.child("source");
        if (source == null) {
            return null;
        }
        String file = source.attribute("file");
        String path = file == null ? source.attribute("dev") : file;
        if (path != null) {
            return path;
        }
        StringBuilder name = new StringBuilder(String.valueOf(element.attribute("type")));
        // With a protocol the name says which image it is; elsewhere it is that of a host, below.
        describe(source, name);
        for (XmlElement host : source.children("host")) {
            describe(host, name);
        }
        return name.toString();
    }

    private static void describe(XmlElement element, StringBuilder into) {
        new TreeMap<>(element.attributes()).forEach((key, value) -> {
            if (IDENTIFYING.contains(key) || key.equals("name")) {
                into.append(' ').append(key).append('=').append(value);
            }
        });
    }

    /// The image of a `<disk>` document, such as the destination of a copy; null if it has none or is
    /// malformed.
    public static @Nullable String imageOf(String diskXml) {
        try {
            return image(XmlElement.parse(diskXml));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// Whether a `<domainbackup>` document describes a backup that a client reads.
    public static boolean isPull(String backupXml) {
        try {
            return "pull".equals(XmlElement.parse(backupXml).attribute("mode"));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// The disk of a target or of the path of its image; null if there is none.
    public @Nullable Disk disk(String name) {
        for (Disk disk : disks) {
            if (disk.target.equals(name)
                    || (!disk.images.isEmpty() && disk.images.getFirst().equals(name))) {
                return disk;
            }
        }
        return null;
    }
}
