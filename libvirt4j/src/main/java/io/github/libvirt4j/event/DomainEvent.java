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
import io.github.libvirt4j.types.DomainMetadataType;
import io.github.libvirt4j.types.EnumValue;
import org.jspecify.annotations.Nullable;

/// Something that happened to a domain. Immutable, for use by any thread.
public sealed interface DomainEvent extends Event {
    /// A domain was defined, started, suspended, … C: `VIR_DOMAIN_EVENT_ID_LIFECYCLE`, libvirt 0.8.0.
    EventKind<Lifecycle> LIFECYCLE = new EventKind<>("domain.lifecycle", Lifecycle.class);

    /// Its title, description or metadata changed. C: `VIR_DOMAIN_EVENT_ID_METADATA_CHANGE`, libvirt 3.0.0.
    EventKind<MetadataChange> METADATA_CHANGE = new EventKind<>("domain.metadata-change", MetadataChange.class);

    /// A device was added to it. C: `VIR_DOMAIN_EVENT_ID_DEVICE_ADDED`, libvirt 1.2.15.
    EventKind<DeviceAdded> DEVICE_ADDED = new EventKind<>("domain.device-added", DeviceAdded.class);

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

    /// Its title, description or metadata changed. C: `virConnectDomainEventMetadataChangeCallback`.
    ///
    /// @param domain the domain
    /// @param rawType what changed, a `virDomainMetadataType`
    /// @param uri of an element, its namespace
    record MetadataChange(
            DomainIdentity domain, int rawType, @Nullable String uri) implements DomainEvent {
        /// What changed.
        public DomainMetadataType type() {
            return DomainMetadataType.of(rawType);
        }

        @Override
        public EventKind<MetadataChange> kind() {
            return METADATA_CHANGE;
        }

        @Override
        public String toString() {
            return METADATA_CHANGE + " " + domain.name() + " " + type() + (uri == null ? "" : " " + uri);
        }
    }

    /// A device was added to it. C: `virConnectDomainEventDeviceAddedCallback`.
    ///
    /// @param domain the domain
    /// @param alias what the description calls the device
    record DeviceAdded(DomainIdentity domain, String alias) implements DomainEvent {
        @Override
        public EventKind<DeviceAdded> kind() {
            return DEVICE_ADDED;
        }

        @Override
        public String toString() {
            return DEVICE_ADDED + " " + domain.name() + " " + alias;
        }
    }
}
