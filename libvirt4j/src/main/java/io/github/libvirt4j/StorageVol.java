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
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/// A storage volume: a disk, a file, … in a storage pool. C: `virStorageVolPtr`. Safe for use by any
/// thread.
///
/// Two handles are equal if they stand for the same one (by key) of the same [Connect]. Methods throw
/// [LibvirtException][io.github.libvirt4j.error.LibvirtException] if libvirt refuses, and
/// [IllegalStateException] after the handle or its connection was closed.
///
/// A handle is to be closed when done, wherever it came from; one that is forgotten is closed when it is
/// collected, or with its connection. Closing it does nothing to what it stands for, and takes effect after
/// the calls that are under way on it.
///
/// @c {@index virStorageVolFree} libvirt 0.4.1
public final class StorageVol extends Noun {
    /// The type and sizes of a volume. Immutable, for use by any thread. C: `virStorageVolInfo`.
    ///
    /// @param rawType a `virStorageVolType`
    /// @param capacity how much it holds, in bytes
    /// @param allocation how much it takes, in bytes
    @SuppressWarnings("AvoidCommonTypeNames") // It is always Domain.Info, Node.Info, …
    public record Info(int rawType, long capacity, long allocation) {
        /// Its type.
        public StorageVolType type() {
            return StorageVolType.of(rawType);
        }
    }

    /// The identity of a volume, as a plain value. Immutable, for use by any thread.
    ///
    /// @param key unique among all volumes of the connection; see [AllStorageVols#lookupByKey]
    /// @param name unique in its pool
    public record Identity(String key, String name) {}

    static final NativeObject.Release FREE = volume -> virStorageVolFree(volume);

    StorageVol(Connect connect) {
        super(connect, FREE);
    }

    /// Its name, which only its pool knows it by.
    ///
    /// @c {@index virStorageVolGetName} libvirt 0.4.1
    public String name() {
        return keptString("virStorageVolGetName", p -> virStorageVolGetName(p));
    }

    /// Its key and name.
    public Identity identity() {
        return new Identity(key(), name());
    }

    /// Its key, which no other volume of the host has; known also after the handle was closed if it was asked
    /// for before.
    ///
    /// @c {@index virStorageVolGetKey} libvirt 0.4.1
    public String key() {
        return (String) identityNow();
    }

    /// Where it is.
    ///
    /// @c {@index virStorageVolGetPath} libvirt 0.4.1
    public String path() {
        return takeString("virStorageVolGetPath", p -> virStorageVolGetPath(p));
    }

    /// Its type and sizes.
    ///
    /// @c {@index virStorageVolGetInfo} libvirt 0.4.1
    public Info info() {
        return fill(
                "virStorageVolGetInfo",
                VirStorageVolInfo.SIZE,
                (p, info) -> virStorageVolGetInfo(p, info),
                StorageVol::info);
    }

    /// Its type and sizes, as the flags say. Not every driver has the function.
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

    /// Its description.
    ///
    /// @c {@index virStorageVolGetXMLDesc} libvirt 0.4.1
    public String xmlDesc() {
        return takeString("virStorageVolGetXMLDesc", p -> virStorageVolGetXMLDesc(p, 0));
    }

    /// Deletes it.
    ///
    /// @c {@index virStorageVolDelete} libvirt 0.4.1
    public void delete(StorageVolDeleteFlags... flags) {
        call("virStorageVolDelete", p -> virStorageVolDelete(p, Flag.combine(flags)));
    }

    /// Changes its capacity.
    ///
    /// @c {@index virStorageVolResize} libvirt 0.9.10
    /// @param capacity in bytes
    public void resize(long capacity, StorageVolResizeFlags... flags) {
        call("virStorageVolResize", p -> virStorageVolResize(p, capacity, Flag.combine(flags)));
    }

    /// Makes its content unreadable.
    ///
    /// @c {@index virStorageVolWipe} libvirt 0.8.0
    public void wipe() {
        call("virStorageVolWipe", p -> virStorageVolWipe(p, 0));
    }

    /// Lets its content come over a stream.
    ///
    /// @c {@index virStorageVolDownload} libvirt 0.9.0
    /// @param stream one that was not used for anything yet
    /// @param offset where to begin, in bytes
    /// @param length how many bytes; 0 for all there are
    /// @param flags [StorageVolDownloadFlags#SPARSE_STREAM], libvirt 3.4.0, for
    ///     [Stream#sparseReceiveAll]
    public void download(Stream stream, long offset, long length, StorageVolDownloadFlags... flags) {
        stream.attach(
                connect(),
                st -> call(
                        "virStorageVolDownload",
                        p -> virStorageVolDownload(p, st, offset, length, Flag.combine(flags))));
    }

    /// Copies its content into a file. The file is complete or not there; what becomes of one that exists, of
    /// links, pipes and devices is as [FileSink][io.github.libvirt4j.stream.FileSink] says. A new
    /// file is readable for its owner only.
    ///
    /// @throws IOException if the file cannot be written
    /// @throws java.io.EOFException if fewer bytes came than the driver said that there are
    public void download(Path file) throws IOException {
        download(file, Transfer.whole());
    }

    /// Copies its content, or a range of it, into a file; holes can stay holes, and a handler can hear of the
    /// progress. Ends when the thread
    /// is interrupted (`ClosedByInterruptException`; with a [call timeout][Opening#callTimeout]
    /// [CallInterruptedException][io.github.libvirt4j.error.CallInterruptedException]), and when the listener
    /// throws.
    ///
    /// @throws IOException if the file cannot be written
    /// @throws java.io.EOFException if fewer bytes came than were asked for, or the volume ends before the
    ///     range begins
    public void download(Path file, Transfer how) throws IOException {
        new VolumeDownload(this, how).into(file);
    }

    /// Lets what is sent over a stream become its content.
    ///
    /// @c {@index virStorageVolUpload} libvirt 0.9.0
    /// @param stream one that was not used for anything yet
    /// @param offset where to begin, in bytes
    /// @param length how many bytes at most; 0 for all that come
    /// @param flags [StorageVolUploadFlags#SPARSE_STREAM], libvirt 3.4.0, for [Stream#sparseSendAll]
    public void upload(Stream stream, long offset, long length, StorageVolUploadFlags... flags) {
        stream.attach(
                connect(),
                st -> call(
                        "virStorageVolUpload", p -> virStorageVolUpload(p, st, offset, length, Flag.combine(flags))));
    }

    /// Copies a file into it, from its beginning to its end. The size of the file is a hint: a file in
    /// `/proc` says 0. What is behind that in the volume stays.
    ///
    /// @throws IOException if the file cannot be read
    /// @throws java.io.EOFException if the file was cut off while it was read
    public void upload(Path file) throws IOException {
        upload(file, Transfer.whole());
    }

    /// Copies a file, or its beginning, to a place in the volume; holes can stay holes, and a handler can
    /// hear of the progress. Ends when the thread is interrupted (`ClosedByInterruptException`; with a [call
    /// timeout][Opening#callTimeout]
    /// [CallInterruptedException][io.github.libvirt4j.error.CallInterruptedException]), and when the listener
    /// throws; what has arrived by then stays.
    ///
    /// @param how its length is that of the beginning of the file
    /// @throws IOException if the file cannot be read
    /// @throws java.io.EOFException if it has fewer bytes than that
    public void upload(Path file, Transfer how) throws IOException {
        new VolumeUpload(this, file, how).run();
    }

    /// How many bytes it has, as a file has them and not as a guest sees them; −1 if the driver does not
    /// say.
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
