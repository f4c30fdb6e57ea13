/// libvirt for Java.
///
/// [Connect][io.github.libvirt4j.Connect] opens a connection to a hypervisor, from which all other objects
/// come; its `on` registers the lambdas that receive [events][io.github.libvirt4j.event].
/// [Libvirt][io.github.libvirt4j.Libvirt] holds the state of the whole process.
///
/// ## Handles
///
/// A handle is the Java object for an object of libvirt:
/// [Connect][io.github.libvirt4j.Connect], [AdmConnect][io.github.libvirt4j.AdmConnect],
/// [Domain][io.github.libvirt4j.Domain], [DomainSnapshot][io.github.libvirt4j.DomainSnapshot],
/// [DomainCheckpoint][io.github.libvirt4j.DomainCheckpoint], [Network][io.github.libvirt4j.Network],
/// [NetworkPort][io.github.libvirt4j.NetworkPort], [Interface][io.github.libvirt4j.Interface],
/// [StoragePool][io.github.libvirt4j.StoragePool], [StorageVol][io.github.libvirt4j.StorageVol],
/// [NodeDevice][io.github.libvirt4j.NodeDevice], [NwFilter][io.github.libvirt4j.NwFilter],
/// [NwFilterBinding][io.github.libvirt4j.NwFilterBinding], [Secret][io.github.libvirt4j.Secret],
/// [Stream][io.github.libvirt4j.Stream], [AdmServer][io.github.libvirt4j.AdmServer],
/// [AdmClient][io.github.libvirt4j.AdmClient].
///
/// **Threads.** Any number of threads may use a handle at once. libvirt before 10.4.0 is an exception: there
/// the process can crash if several threads, a handler's among them, use one connection to a daemon at once.
/// See `docs/faults.md`.
///
/// **Closing.** The caller closes each handle that a method returns, also those in a list. `close` is
/// idempotent. It does not affect the object of libvirt: a domain continues to run. Calls in progress on
/// other threads still complete; the last of them releases the pointer. Closing a connection closes all
/// handles that came from it, and all its registrations. A handle that is not closed is closed when it has
/// been garbage-collected; a connection is not collected while something is registered on it.
///
/// **Equality.** A domain, network, storage pool, network filter or secret is identified by its UUID, a
/// snapshot or checkpoint by its domain and its name, a network port by its network and its UUID, an
/// interface, a device or a server of a daemon by its name, a filter's binding by its network device, a
/// volume by its key, a client of a server by the server and a number. Two of these handles are equal if they
/// have the same class, the same identity and the same connection object. The identity is read from libvirt
/// at its first use, and remains known after the handle was closed; a handle that was closed before is equal
/// to itself only. Connections and streams are equal to themselves only.
///
/// **Exceptions.** A call that libvirt refuses throws a
/// [LibvirtException][io.github.libvirt4j.error.LibvirtException], of one of these subclasses among others:
///
/// - [NotFoundException][io.github.libvirt4j.error.NotFoundException]: the object does not exist, or no
///   longer exists.
/// - [OperationInvalidException][io.github.libvirt4j.error.OperationInvalidException]: the state of the
///   object does not permit the call; for example, the domain does not run.
/// - [UnsupportedException][io.github.libvirt4j.error.UnsupportedException]: the driver, the daemon or the
///   loaded libvirt does not support the call; its subclass
///   [FunctionMissingException][io.github.libvirt4j.error.FunctionMissingException]: the loaded libvirt lacks
///   the C function.
/// - [DisconnectedException][io.github.libvirt4j.error.DisconnectedException]: the connection broke off.
/// - [CallAbandonedException][io.github.libvirt4j.error.CallAbandonedException]: a [time
///   limit][io.github.libvirt4j.Opening#callTimeout] is set, and it has passed or the thread was interrupted.
///
/// A call on a handle that was closed, itself or with its connection, throws an [IllegalStateException]; a
/// string that contains a NUL or cannot be encoded as UTF-8, an [IllegalArgumentException]; null where it is
/// not permitted, a [NullPointerException]. Methods list only the exceptions that are specific to them.
///
/// ## Collections
///
/// The objects of a connection are in collections, such as `connect.domains()`; the methods of a large class
/// are in views of their own, such as `domain.memory()`. Both are immutable values without native resources,
/// safe for use by any thread, with nothing to close. Their calls throw as those of the handle that they
/// came from.
///
/// - `listAll` returns handles, each of which the caller closes; `identities` returns plain values.
/// - `lookupBy…` throws a [NotFoundException][io.github.libvirt4j.error.NotFoundException] if there is no
///   such object; `findBy…` returns an empty result.
/// - `define` creates or changes a persistent definition; `create` starts a transient object.
@NullMarked
package io.github.libvirt4j;

import org.jspecify.annotations.NullMarked;
