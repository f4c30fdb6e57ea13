package io.github.libvirt4j.error;

import io.github.libvirt4j.types.ErrorDomain;
import io.github.libvirt4j.types.ErrorLevel;
import io.github.libvirt4j.types.ErrorNumber;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Thrown when libvirt refuses a call or the call fails. The exception is unchecked; errors that programs
/// handle have a subclass, and [#of] is the table from libvirt's codes to them.
public class LibvirtException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final LibvirtError error;
    private final String function;

    /// An exception for the error of a C function.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    public LibvirtException(String function, LibvirtError error) {
        this(function, error, describe(function, error), null);
    }

    LibvirtException(String function, LibvirtError error, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.error = error;
        this.function = function;
    }

    /// Returns an exception for an error, of the subclass that corresponds to the error's code.
    ///
    /// @param function the C function that failed
    /// @param error libvirt's description
    public static LibvirtException of(String function, LibvirtError error) {
        return switch (error.code()) {
            case ACCESS_DENIED, OPERATION_DENIED -> new AccessDeniedException(function, error);
            case AGENT_COMMAND_TIMEOUT, AGENT_UNRESPONSIVE, AGENT_UNSYNCED ->
                new AgentUnresponsiveException(function, error);
            case DOM_EXIST, NETWORK_EXIST, NETWORK_PORT_EXIST, STORAGE_POOL_BUILT, STORAGE_VOL_EXIST ->
                new AlreadyExistsException(function, error);
            case AUTH_CANCELLED, AUTH_FAILED, AUTH_UNAVAILABLE -> new AuthenticationFailedException(function, error);
            case INVALID_ARG, INVALID_MAC, OVERFLOW, XML_DETAIL, XML_ERROR, XML_INVALID_SCHEMA ->
                new InvalidArgumentException(function, error);
            case DEVICE_MISSING,
                    NO_CLIENT,
                    NO_DOMAIN,
                    NO_DOMAIN_BACKUP,
                    NO_DOMAIN_CHECKPOINT,
                    NO_DOMAIN_METADATA,
                    NO_DOMAIN_SNAPSHOT,
                    NO_INTERFACE,
                    NO_NETWORK,
                    NO_NETWORK_METADATA,
                    NO_NETWORK_PORT,
                    NO_NODE_DEVICE,
                    NO_NWFILTER,
                    NO_NWFILTER_BINDING,
                    NO_SECRET,
                    NO_SERVER,
                    NO_STORAGE_POOL,
                    NO_STORAGE_VOL -> new NotFoundException(function, error);
            case OPERATION_ABORTED -> new OperationAbortedException(function, error);
            case OPERATION_INVALID -> new OperationInvalidException(function, error);
            case OPERATION_TIMEOUT -> new OperationTimeoutException(function, error);
            case BLOCK_COPY_ACTIVE, RESOURCE_BUSY -> new ResourceBusyException(function, error);
            case ARGUMENT_UNSUPPORTED, CONFIG_UNSUPPORTED, NO_SUPPORT, OPERATION_UNSUPPORTED ->
                new UnsupportedException(function, error);
            default -> new LibvirtException(function, error);
        };
    }

    /// libvirt's description of the error.
    public LibvirtError error() {
        return error;
    }

    /// The error code.
    public ErrorNumber code() {
        return error.code();
    }

    /// The part of libvirt that raised the error.
    public ErrorDomain domain() {
        return error.domain();
    }

    /// The severity of the error.
    public ErrorLevel level() {
        return error.level();
    }

    /// The C function that failed.
    public String function() {
        return function;
    }

    static String describe(String function, LibvirtError error) {
        Objects.requireNonNull(function, "function");
        if (error.rawCode() == 0) {
            return function + " failed, and libvirt does not say why";
        }
        ErrorNumber code = error.code();
        return function + ": " + (error.message() == null ? "no message" : error.message()) + " ("
                + (code == ErrorNumber.UNRECOGNIZED ? "error " + error.rawCode() : code) + ")";
    }
}
