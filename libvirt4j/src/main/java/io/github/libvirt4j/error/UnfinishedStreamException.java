package io.github.libvirt4j.error;

/// Thrown when a stream is closed after data was sent through it and before
/// [Stream#finish][io.github.libvirt4j.Stream#finish]. The transfer was aborted, and the other side may have
/// received all of the data, some of it, or none. [Stream][io.github.libvirt4j.Stream] lists the cases in
/// which it is thrown.
///
/// [Stream#finish][io.github.libvirt4j.Stream#finish] before the close confirms that the data arrived;
/// [Stream#abort][io.github.libvirt4j.Stream#abort] abandons the transfer on purpose.
public final class UnfinishedStreamException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    public UnfinishedStreamException(String message) {
        super(message);
    }
}
