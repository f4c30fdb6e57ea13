package io.github.libvirt4j.internal.job;

import io.github.libvirt4j.internal.job.Sight.Verdict;
import io.github.libvirt4j.types.DomainBlockJobType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Judges a job on a disk by the images of the disk: those before the job, and those that a look finds.
///
/// The images are enough. libvirt permits one job on a disk at a time and no snapshot meanwhile, so that
/// images that leave the chain do so by the job. One thread at a time calls its methods.
public final class DiskProof {
    private final JobKind kind;
    private final @Nullable String id;
    private final String target;
    private final List<String> before;
    private final boolean hasNothingToDo;

    /// The image of the copy; learnt from the XML if the program did not say.
    private @Nullable String copy;

    /// The disk in the last look that found it.
    private DomainXml.Disk last;

    /// The type of the job in the last look that found it; 0 if none has.
    private int rawType;

    /// @param kind [JobKind#PULL], [JobKind#COMMIT] or [JobKind#COPY]
    /// @param domain the domain before the job
    /// @param disk the disk before the job
    /// @param base the image below which the chain is kept; null for none
    /// @param copy the image of a copy; null if it is not known
    public DiskProof(
            JobKind kind, DomainXml domain, DomainXml.Disk disk, @Nullable String base, @Nullable String copy) {
        this.kind = kind;
        this.id = domain.id();
        this.target = disk.target();
        this.before = disk.images();
        this.hasNothingToDo =
                kind == JobKind.PULL && (before.size() <= 1 || before.get(1).equals(base));
        this.copy = copy;
        this.last = disk;
    }

    /// A job as `virDomainGetBlockJobInfo` describes it.
    ///
    /// @param rawType a `virDomainBlockJobType`
    /// @param current the work that is done
    /// @param end the work in total
    public record InProgress(int rawType, long current, long end) {}

    /// Judges what was read, in this order: first the job, then the XML.
    ///
    /// @param info the job; null if there is none
    public Sight see(@Nullable InProgress info, DomainXml domain) {
        if (domain.id() == null || !domain.id().equals(id)) {
            return new Sight.Gone();
        }
        DomainXml.Disk disk = domain.disk(target);
        if (disk == null) {
            return new Sight.Ended(Verdict.UNCLEAR, "the domain no longer has the disk " + target);
        }
        last = disk;
        DomainXml.Mirror mirror = disk.mirror();
        if (mirror != null && kind == JobKind.COPY && mirror.image() != null) {
            copy = mirror.image();
        }
        if (info != null) {
            rawType = info.rawType();
            return new Sight.Working(info.current(), info.end(), mirror != null && mirror.isReady());
        }
        // QEMU has no job any more, and libvirt has not yet concluded it.
        return mirror != null ? new Sight.Working(0, 0, mirror.isReady()) : new Sight.Ended(verdict(disk.images()));
    }

    private Verdict verdict(List<String> found) {
        // Images above are those of a snapshot that was made since.
        int top = before.isEmpty() ? -1 : found.indexOf(before.getFirst());
        List<String> now = top < 0 ? found : found.subList(top, found.size());
        if (now.equals(before)) {
            return hasNothingToDo ? Verdict.NOTHING_TO_DO : Verdict.UNDONE;
        }
        return isDone(now, top >= 0) ? Verdict.DONE : Verdict.UNCLEAR;
    }

    private boolean isDone(List<String> now, boolean hasTop) {
        return switch (kind) {
            case PULL -> hasTop && isShorter(now);
            case COMMIT -> isShorter(now);
            case COPY -> !hasTop && !now.isEmpty() && now.getFirst().equals(copy);
            default -> false;
        };
    }

    /// Whether the images are those before, without some.
    private boolean isShorter(List<String> now) {
        int from = 0;
        for (String image : now) {
            int at = before.subList(from, before.size()).indexOf(image);
            if (at < 0) {
                return false;
            }
            from += at + 1;
        }
        return !now.isEmpty() && now.size() < before.size();
    }

    /// The target of the disk.
    public String target() {
        return target;
    }

    /// The images of the disk in the last look that found it.
    public List<String> images() {
        return last.images();
    }

    /// Whether the guest uses another image than before.
    public boolean isPivoted() {
        return !before.isEmpty() && !last.images().contains(before.getFirst());
    }

    /// The type of the job: as libvirt said, or if no look has found the job, as the images say.
    public int rawType() {
        if (rawType != 0) {
            return rawType;
        }
        return switch (kind) {
            case PULL -> DomainBlockJobType.PULL.value();
            case COPY -> DomainBlockJobType.COPY.value();
            default -> (isPivoted() ? DomainBlockJobType.ACTIVE_COMMIT : DomainBlockJobType.COMMIT).value();
        };
    }
}
