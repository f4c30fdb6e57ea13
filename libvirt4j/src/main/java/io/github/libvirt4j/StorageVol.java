package io.github.libvirt4j;

import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolDelete;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolDownload;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolFree;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolGetInfo;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolGetInfoFlags;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolGetKey;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolGetName;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolGetPath;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolGetXMLDesc;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolResize;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolUpload;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolWipe;
import static io.github.libvirt4j.internal.raw.LibvirtStorage.virStorageVolWipePattern;

import io.github.libvirt4j.error.UnsupportedException;
import io.github.libvirt4j.internal.c.ErrorCallback;
import io.github.libvirt4j.internal.c.NativeObject;
import io.github.libvirt4j.internal.call.HandlerScope;
import io.github.libvirt4j.internal.raw.VirStorageVolInfo;
import io.github.libvirt4j.stream.Transfer;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.StorageVolDeleteFlags;
import io.github.libvirt4j.types.StorageVolDownloadFlags;
import io.github.libvirt4j.types.StorageVolInfoFlags;
import io.github.libvirt4j.types.StorageVolResizeFlags;
import io.github.libvirt4j.types.StorageVolType;
import io.github.libvirt4j.types.StorageVolUploadFlags;
import io.github.libvirt4j.types.StorageVolWipeAlgorithm;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// A storage volume: a disk, a file, … in a storage pool. C: `virStorageVolPtr`. Safe for use by any thread.
///
/// The [package][io.github.libvirt4j] describes threads, closing, equality and exceptions of all handles.
///
/// @c {@index virStorageVolFree} libvirt 0.4.1
public final class StorageVol extends Noun {
    /// The type and sizes of a volume. C: `virStorageVolInfo`. Immutable, safe for use by any thread.
    ///
    /// @param rawType the type, a `virStorageVolType`
    /// @param capacity the size that a guest sees, in bytes
    /// @param allocation the size that is allocated in the pool, in bytes
    @SuppressWarnings("AvoidCommonTypeNames") // It is always Domain.Info, Node.Info, …
    public record Info(int rawType, long capacity, long allocation) {
        /// The type of the volume.
        public StorageVolType type() {
            return StorageVolType.of(rawType);
        }
    }

    /// The key and name of a volume as a plain value. Immutable, safe for use by any thread.
    ///
    /// @param key the key, unique among all volumes of the connection; see [AllStorageVols#lookupByKey]
    /// @param name the name, unique in its pool
    public record Identity(String key, String name) {}

    static final NativeObject.Release FREE = volume -> virStorageVolFree(volume);

    StorageVol(Connect connect) {
        super(connect, FREE);
    }

    /// The name of the volume, unique in its pool.
    ///
    /// @c {@index virStorageVolGetName} libvirt 0.4.1
    public String name() {
        return keptString("virStorageVolGetName", p -> virStorageVolGetName(p));
    }

    /// The key and name of the volume as a plain value.
    public Identity identity() {
        return new Identity(key(), name());
    }

    /// The key of the volume, unique among all volumes of the host: its identity.
    ///
    /// @c {@index virStorageVolGetKey} libvirt 0.4.1
    public String key() {
        return (String) identityNow();
    }

    /// The path of the volume.
    ///
    /// @c {@index virStorageVolGetPath} libvirt 0.4.1
    public String path() {
        return takeString("virStorageVolGetPath", p -> virStorageVolGetPath(p));
    }

    /// The type and sizes of the volume.
    ///
    /// @c {@index virStorageVolGetInfo} libvirt 0.4.1
    public Info info() {
        return fill(
                "virStorageVolGetInfo",
                VirStorageVolInfo.SIZE,
                (p, info) -> virStorageVolGetInfo(p, info),
                StorageVol::info);
    }

    /// The type and sizes of the volume, with a choice of what [Info#allocation] means. Some drivers lack the
    /// function and throw [UnsupportedException][io.github.libvirt4j.error.UnsupportedException].
    ///
    /// @c {@index virStorageVolGetInfoFlags} libvirt 3.0.0
    public Info info(StorageVolInfoFlags flag, StorageVolInfoFlags... flags) {
        return fill(
                "virStorageVolGetInfoFlags",
                VirStorageVolInfo.SIZE,
                (p, info) -> virStorageVolGetInfoFlags(p, info, flag.bits() | Flag.combine(flags)),
                StorageVol::info);
    }

    private static Info info(MemorySegment info) {
        return new Info(
                VirStorageVolInfo.type(info), VirStorageVolInfo.capacity(info), VirStorageVolInfo.allocation(info));
    }

    /// The description of the volume as XML.
    ///
    /// @c {@index virStorageVolGetXMLDesc} libvirt 0.4.1
    public String xmlDesc() {
        return takeString("virStorageVolGetXMLDesc", p -> virStorageVolGetXMLDesc(p, 0));
    }

    /// Deletes the volume with its content.
    ///
    /// @c {@index virStorageVolDelete} libvirt 0.4.1
    public void delete(StorageVolDeleteFlags... flags) {
        call("virStorageVolDelete", p -> virStorageVolDelete(p, Flag.combine(flags)));
    }

    /// Changes the capacity of the volume. Default: increases it, allocates no more than necessary, and fails
    /// for a smaller capacity, which requires [StorageVolResizeFlags#SHRINK].
    ///
    /// @c {@index virStorageVolResize} libvirt 0.9.10
    /// @param capacity the new capacity, in bytes; the difference with [StorageVolResizeFlags#DELTA]
    public void resize(long capacity, StorageVolResizeFlags... flags) {
        call("virStorageVolResize", p -> virStorageVolResize(p, capacity, Flag.combine(flags)));
    }

    /// Overwrites the content of the volume so that later reads do not return it. Storage that writes
    /// elsewhere, such as a journal or copy-on-write file system, can keep the old content. libvirt
    /// overwrites as many bytes as were allocated when it last looked: after others have written to the
    /// volume, such as a domain, [StoragePool#refresh] comes first.
    ///
    /// @c {@index virStorageVolWipe} libvirt 0.8.0
    public void wipe() {
        call("virStorageVolWipe", p -> virStorageVolWipe(p, 0));
    }

    /// Overwrites the content of the volume by an algorithm. For all but [StorageVolWipeAlgorithm#ZERO] and
    /// [StorageVolWipeAlgorithm#TRIM] the storage driver runs the program `scrub` on its host. What [#wipe]
    /// says of storage that keeps old content applies here as well.
    ///
    /// @c {@index virStorageVolWipePattern} libvirt 0.9.10
    /// @param algorithm the pattern; [StorageVolWipeAlgorithm#ZERO] does what [#wipe] does
    public void wipePattern(StorageVolWipeAlgorithm algorithm) {
        call("virStorageVolWipePattern", p -> virStorageVolWipePattern(p, algorithm.value(), 0));
    }

    /// Attaches a stream that delivers the content of the volume, for [Stream#receiveAll] and similar
    /// methods.
    ///
    /// @c {@index virStorageVolDownload} libvirt 0.9.0
    /// @param stream a new stream, not attached to anything yet
    /// @param offset the start of the range, in bytes
    /// @param length the length of the range, in bytes; 0 for the rest of the volume
    /// @param flags [StorageVolDownloadFlags#SPARSE_STREAM], libvirt 3.4.0, for [Stream#sparseReceiveAll]
    public void download(Stream stream, long offset, long length, StorageVolDownloadFlags... flags) {
        stream.attach(
                connect(),
                st -> call(
                        "virStorageVolDownload",
                        p -> virStorageVolDownload(p, st, offset, length, Flag.combine(flags))));
    }

    /// Copies the content of the volume to a file, atomically: the file receives all of it or none.
    /// [FileSink][io.github.libvirt4j.stream.FileSink] describes what happens to an existing file, a link, a
    /// pipe or a device. Only the owner can read a new file.
    ///
    /// @param file the target
    /// @throws IOException if the file cannot be written
    /// @throws java.io.EOFException if the stream ended before the size that the driver reports
    public void download(Path file) throws IOException {
        download(file, Transfer.whole());
    }

    /// Copies a range of the volume to a file, with a choice for holes and a handler for progress. The copy
    /// is cancelled when its thread is interrupted (`ClosedByInterruptException`, or with a [call
    /// timeout][Opening#callTimeout]
    /// [CallInterruptedException][io.github.libvirt4j.error.CallInterruptedException]), and when the handler
    /// throws.
    ///
    /// @param file the target
    /// @param how the range, the treatment of holes, and the handler
    /// @throws IOException if the file cannot be written
    /// @throws java.io.EOFException if the stream ended before the end of the range, or the volume ends
    ///     before its start
    public void download(Path file, Transfer how) throws IOException {
        new VolumeDownload(this, how).into(file);
    }

    /// Attaches a stream whose data becomes content of the volume, for [Stream#sendAll] and similar methods.
    ///
    /// @c {@index virStorageVolUpload} libvirt 0.9.0
    /// @param stream a new stream, not attached to anything yet
    /// @param offset the start of the range, in bytes
    /// @param length the maximum number of bytes; 0 for no maximum
    /// @param flags [StorageVolUploadFlags#SPARSE_STREAM], libvirt 3.4.0, for [Stream#sparseSendAll]
    public void upload(Stream stream, long offset, long length, StorageVolUploadFlags... flags) {
        stream.attach(
                connect(),
                st -> call(
                        "virStorageVolUpload", p -> virStorageVolUpload(p, st, offset, length, Flag.combine(flags))));
    }

    /// Copies a file to the beginning of the volume. The rest of the volume keeps its content. The file is
    /// read to its end, whatever size it reports: files in `/proc` report 0.
    ///
    /// @param file the source
    /// @throws IOException if the file cannot be read
    /// @throws java.io.EOFException if the file was truncated while it was read
    public void upload(Path file) throws IOException {
        upload(file, Transfer.whole());
    }

    /// Copies a file, or its beginning, to a range of the volume, with a choice for holes and a handler for
    /// progress. The copy is cancelled when its thread is interrupted (`ClosedByInterruptException`, or with
    /// a [call timeout][Opening#callTimeout]
    /// [CallInterruptedException][io.github.libvirt4j.error.CallInterruptedException]), and when the handler
    /// throws; the data sent so far stays in the volume. The program `UploadVolume` in `examples` shows it.
    ///
    /// @param file the source
    /// @param how the range, the treatment of holes, and the handler; its length is the number of bytes to
    ///     read from the file
    /// @throws IOException if the file cannot be read
    /// @throws java.io.EOFException if the file has fewer bytes than the length
    public void upload(Path file, Transfer how) throws IOException {
        new VolumeUpload(this, file, how).run();
    }

    /// The physical size, in bytes: that of the file, not the capacity that a guest sees; −1 if the driver
    /// does not report it.
    long physicalSize() {
        try (HandlerScope _ = ErrorCallback.quietly()) {
            return info(StorageVolInfoFlags.GET_PHYSICAL).allocation();
        } catch (UnsupportedException e) {
            return -1;
        }
    }

    @Override
    String noun() {
        return "volume";
    }

    @Override
    Object readIdentity(MemorySegment pointer) {
        return kept(virStorageVolGetKey(pointer), "virStorageVolGetKey");
    }
}
