package io.github.libvirt4j.error;

/// A stream was closed after data was sent over it and before
/// [Stream#finish][io.github.libvirt4j.Stream#finish]: the transfer was aborted, and the other side may have
/// got all of the data, some of it, or none. See [Stream][io.github.libvirt4j.Stream] for when it is thrown.
///
/// [Stream#finish][io.github.libvirt4j.Stream#finish] before the close makes sure that the data arrived;
/// [Stream#abort][io.github.libvirt4j.Stream#abort] gives the transfer up on purpose.
public final class UnfinishedStreamException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    public UnfinishedStreamException(String message) {
        super(message);
    }
}
