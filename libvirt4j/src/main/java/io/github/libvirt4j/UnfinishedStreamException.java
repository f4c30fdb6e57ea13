package io.github.libvirt4j;

/// A stream was closed after data was sent over it and before [Stream#finish]: the transfer was aborted, and the other
/// side may have got all of the data, some of it, or none. See [Stream] for when it is thrown.
///
/// [Stream#finish] before the close makes sure that the data arrived; [Stream#abort] gives the transfer up on
/// purpose.
public final class UnfinishedStreamException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    UnfinishedStreamException(String message) {
        super(message);
    }
}
