package io.github.libvirt4j.event;

import io.github.libvirt4j.types.DomainEventCrashedDetailType;
import io.github.libvirt4j.types.DomainEventDefinedDetailType;
import io.github.libvirt4j.types.DomainEventPmSuspendedDetailType;
import io.github.libvirt4j.types.DomainEventResumedDetailType;
import io.github.libvirt4j.types.DomainEventShutdownDetailType;
import io.github.libvirt4j.types.DomainEventStartedDetailType;
import io.github.libvirt4j.types.DomainEventStoppedDetailType;
import io.github.libvirt4j.types.DomainEventSuspendedDetailType;
import io.github.libvirt4j.types.DomainEventType;
import io.github.libvirt4j.types.DomainEventUndefinedDetailType;
import io.github.libvirt4j.types.EnumValue;

/// Something that happened to a domain. Immutable, for use by any thread.
public sealed interface DomainEvent extends Event {
    /// A domain was defined, started, suspended, … C: `VIR_DOMAIN_EVENT_ID_LIFECYCLE`, libvirt 0.8.0.
    EventKind<Lifecycle> LIFECYCLE = new EventKind<>("domain.lifecycle", Lifecycle.class);

    /// The domain it happened to.
    DomainIdentity domain();

    /// A domain was defined, started, suspended, …
    ///
    /// C: `virConnectDomainEventCallback`.
    ///
    /// @param domain the domain
    /// @param rawType what happened, a `virDomainEventType`
    /// @param rawDetail why or how; which enumeration it is of depends on the type
    record Lifecycle(DomainIdentity domain, int rawType, int rawDetail) implements DomainEvent {
        /// What happened.
        public DomainEventType type() {
            return DomainEventType.of(rawType);
        }

        /// Why or how, of the enumeration that belongs to the type. For a type newer than this jar it is
        /// `DomainEventType.UNRECOGNIZED`: there is no telling which enumeration [#rawDetail] is of.
        public EnumValue detail() {
            return switch (type()) {
                case DEFINED -> DomainEventDefinedDetailType.of(rawDetail);
                case UNDEFINED -> DomainEventUndefinedDetailType.of(rawDetail);
                case STARTED -> DomainEventStartedDetailType.of(rawDetail);
                case SUSPENDED -> DomainEventSuspendedDetailType.of(rawDetail);
                case RESUMED -> DomainEventResumedDetailType.of(rawDetail);
                case STOPPED -> DomainEventStoppedDetailType.of(rawDetail);
                case SHUTDOWN -> DomainEventShutdownDetailType.of(rawDetail);
                case PMSUSPENDED -> DomainEventPmSuspendedDetailType.of(rawDetail);
                case CRASHED -> DomainEventCrashedDetailType.of(rawDetail);
                case UNRECOGNIZED -> DomainEventType.UNRECOGNIZED;
            };
        }

        @Override
        public EventKind<Lifecycle> kind() {
            return LIFECYCLE;
        }

        @Override
        public String toString() {
            return LIFECYCLE + " " + domain.name() + " " + type() + " " + detail();
        }
    }
}
