package io.github.libvirt4j.event;

import io.github.libvirt4j.types.ConnectDomainEventAgentLifecycleReason;
import io.github.libvirt4j.types.ConnectDomainEventAgentLifecycleState;
import io.github.libvirt4j.types.ConnectDomainEventBlockJobStatus;
import io.github.libvirt4j.types.ConnectDomainEventChannelLifecycleReason;
import io.github.libvirt4j.types.ConnectDomainEventChannelLifecycleState;
import io.github.libvirt4j.types.ConnectDomainEventDiskChangeReason;
import io.github.libvirt4j.types.ConnectDomainQemuMonitorEventRegisterFlags;
import io.github.libvirt4j.types.DomainBlockJobType;
import io.github.libvirt4j.types.DomainEventCrashedDetailType;
import io.github.libvirt4j.types.DomainEventDefinedDetailType;
import io.github.libvirt4j.types.DomainEventGraphicsPhase;
import io.github.libvirt4j.types.DomainEventIoErrorAction;
import io.github.libvirt4j.types.DomainEventPmSuspendedDetailType;
import io.github.libvirt4j.types.DomainEventResumedDetailType;
import io.github.libvirt4j.types.DomainEventShutdownDetailType;
import io.github.libvirt4j.types.DomainEventStartedDetailType;
import io.github.libvirt4j.types.DomainEventStoppedDetailType;
import io.github.libvirt4j.types.DomainEventSuspendedDetailType;
import io.github.libvirt4j.types.DomainEventTrayChangeReason;
import io.github.libvirt4j.types.DomainEventType;
import io.github.libvirt4j.types.DomainEventUndefinedDetailType;
import io.github.libvirt4j.types.DomainEventWatchdogAction;
import io.github.libvirt4j.types.DomainMemoryFailureActionType;
import io.github.libvirt4j.types.DomainMemoryFailureFlags;
import io.github.libvirt4j.types.DomainMemoryFailureRecipientType;
import io.github.libvirt4j.types.DomainMetadataType;
import io.github.libvirt4j.types.EnumValue;
import io.github.libvirt4j.types.Flag;
import io.github.libvirt4j.types.TypedParameters;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An event of a domain. Its kinds are the constants of this interface, its values the records. Immutable,
/// safe for use by any thread.
public sealed interface DomainEvent extends Event {
    /// A domain was defined, started, suspended, … C: `VIR_DOMAIN_EVENT_ID_LIFECYCLE`, libvirt 0.8.0.
    EventKind<Lifecycle> LIFECYCLE = new EventKind<>("domain.lifecycle", Lifecycle.class, 8_000);

    /// A domain was restarted without being stopped: by its guest, or by a reset. C:
    /// `VIR_DOMAIN_EVENT_ID_REBOOT`, libvirt 0.8.0.
    EventKind<Reboot> REBOOT = new EventKind<>("domain.reboot", Reboot.class, 8_000);

    /// The guest set the clock of a domain. C: `VIR_DOMAIN_EVENT_ID_RTC_CHANGE`, libvirt 0.8.0.
    EventKind<RtcChange> RTC_CHANGE = new EventKind<>("domain.rtc-change", RtcChange.class, 8_000);

    /// The watchdog device of a domain fired. C: `VIR_DOMAIN_EVENT_ID_WATCHDOG`, libvirt 0.8.0.
    EventKind<Watchdog> WATCHDOG = new EventKind<>("domain.watchdog", Watchdog.class, 8_000);

    /// Reading or writing a disk of a domain failed. C: `VIR_DOMAIN_EVENT_ID_IO_ERROR`, libvirt 0.8.0.
    EventKind<IoError> IO_ERROR = new EventKind<>("domain.io-error", IoError.class, 8_000);

    /// A client connected to the graphical console of a domain, authenticated, or disconnected. C:
    /// `VIR_DOMAIN_EVENT_ID_GRAPHICS`, libvirt 0.8.0.
    EventKind<Graphics> GRAPHICS = new EventKind<>("domain.graphics", Graphics.class, 8_000);

    /// Reading or writing a disk of a domain failed; the event carries the reason. C:
    /// `VIR_DOMAIN_EVENT_ID_IO_ERROR_REASON`, libvirt 0.8.1.
    EventKind<IoErrorReason> IO_ERROR_REASON = new EventKind<>("domain.io-error-reason", IoErrorReason.class, 8_001);

    /// libvirt lost control of the hypervisor process of a domain; the domain must be restarted to be
    /// controlled again. C: `VIR_DOMAIN_EVENT_ID_CONTROL_ERROR`, libvirt 0.9.2.
    EventKind<ControlError> CONTROL_ERROR = new EventKind<>("domain.control-error", ControlError.class, 9_002);

    /// A job on a disk of a domain ended or became ready; the event names the disk by its path.
    /// [#BLOCK_JOB_2] is the better choice. C: `VIR_DOMAIN_EVENT_ID_BLOCK_JOB`, libvirt 0.9.4.
    EventKind<BlockJob> BLOCK_JOB = new EventKind<>("domain.block-job", BlockJob.class, 9_004);

    /// The source of a disk of a domain was replaced or removed. C: `VIR_DOMAIN_EVENT_ID_DISK_CHANGE`,
    /// libvirt 0.9.7.
    EventKind<DiskChange> DISK_CHANGE = new EventKind<>("domain.disk-change", DiskChange.class, 9_007);

    /// The tray of a drive of a domain was opened or closed. C: `VIR_DOMAIN_EVENT_ID_TRAY_CHANGE`, libvirt
    /// 0.9.11.
    EventKind<TrayChange> TRAY_CHANGE = new EventKind<>("domain.tray-change", TrayChange.class, 9_011);

    /// The guest of a domain woke up from sleep. C: `VIR_DOMAIN_EVENT_ID_PMWAKEUP`, libvirt 0.9.11.
    EventKind<PmWakeup> PMWAKEUP = new EventKind<>("domain.pmwakeup", PmWakeup.class, 9_011);

    /// The guest of a domain suspended itself to memory. C: `VIR_DOMAIN_EVENT_ID_PMSUSPEND`, libvirt 0.9.11.
    EventKind<PmSuspend> PMSUSPEND = new EventKind<>("domain.pmsuspend", PmSuspend.class, 9_011);

    /// The balloon device changed the memory that a domain currently has. C:
    /// `VIR_DOMAIN_EVENT_ID_BALLOON_CHANGE`, libvirt 0.10.0.
    EventKind<BalloonChange> BALLOON_CHANGE = new EventKind<>("domain.balloon-change", BalloonChange.class, 10_000);

    /// The guest of a domain suspended itself to disk. C: `VIR_DOMAIN_EVENT_ID_PMSUSPEND_DISK`, libvirt
    /// 1.0.0.
    EventKind<PmSuspendDisk> PMSUSPEND_DISK = new EventKind<>("domain.pmsuspend-disk", PmSuspendDisk.class, 1_000_000);

    /// A device was removed from a domain. C: `VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED`, libvirt 1.1.1.
    EventKind<DeviceRemoved> DEVICE_REMOVED = new EventKind<>("domain.device-removed", DeviceRemoved.class, 1_001_001);

    /// A job on a disk of a domain ended or became ready; the event names the disk by its target. The target
    /// stays the same when the path changes, which makes this kind the better choice than [#BLOCK_JOB]. C:
    /// `VIR_DOMAIN_EVENT_ID_BLOCK_JOB_2`, libvirt 1.2.6.
    EventKind<BlockJob2> BLOCK_JOB_2 = new EventKind<>("domain.block-job-2", BlockJob2.class, 1_002_006);

    /// Tunables of a domain were changed. C: `VIR_DOMAIN_EVENT_ID_TUNABLE`, libvirt 1.2.9.
    EventKind<Tunable> TUNABLE = new EventKind<>("domain.tunable", Tunable.class, 1_002_009);

    /// The guest agent of a domain connected or disconnected. C: `VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE`,
    /// libvirt 1.2.11.
    EventKind<AgentLifecycle> AGENT_LIFECYCLE =
            new EventKind<>("domain.agent-lifecycle", AgentLifecycle.class, 1_002_011);

    /// A device was added to a domain. C: `VIR_DOMAIN_EVENT_ID_DEVICE_ADDED`, libvirt 1.2.15.
    EventKind<DeviceAdded> DEVICE_ADDED = new EventKind<>("domain.device-added", DeviceAdded.class, 1_002_015);

    /// The migration of a domain began another iteration, which copies the memory that changed during the
    /// last one. C: `VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION`, libvirt 1.3.2.
    EventKind<MigrationIteration> MIGRATION_ITERATION =
            new EventKind<>("domain.migration-iteration", MigrationIteration.class, 1_003_002);

    /// A long job on a domain ended: saving, dumping, migrating, … C: `VIR_DOMAIN_EVENT_ID_JOB_COMPLETED`,
    /// libvirt 1.3.3.
    EventKind<JobCompleted> JOB_COMPLETED = new EventKind<>("domain.job-completed", JobCompleted.class, 1_003_003);

    /// The removal of a device failed: the guest did not release it. C:
    /// `VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED`, libvirt 1.3.4.
    EventKind<DeviceRemovalFailed> DEVICE_REMOVAL_FAILED =
            new EventKind<>("domain.device-removal-failed", DeviceRemovalFailed.class, 1_003_004);

    /// The title, the description or the metadata of a domain changed. C:
    /// `VIR_DOMAIN_EVENT_ID_METADATA_CHANGE`, libvirt 3.0.0.
    EventKind<MetadataChange> METADATA_CHANGE =
            new EventKind<>("domain.metadata-change", MetadataChange.class, 3_000_000);

    /// Writes to a disk of a domain exceeded the threshold set for it. C:
    /// `VIR_DOMAIN_EVENT_ID_BLOCK_THRESHOLD`, libvirt 3.2.0.
    EventKind<BlockThreshold> BLOCK_THRESHOLD =
            new EventKind<>("domain.block-threshold", BlockThreshold.class, 3_002_000);

    /// The host detected a failure in the memory of a domain. C: `VIR_DOMAIN_EVENT_ID_MEMORY_FAILURE`,
    /// libvirt 6.9.0.
    EventKind<MemoryFailure> MEMORY_FAILURE = new EventKind<>("domain.memory-failure", MemoryFailure.class, 6_009_000);

    /// A memory device of a domain changed its size. C: `VIR_DOMAIN_EVENT_ID_MEMORY_DEVICE_SIZE_CHANGE`,
    /// libvirt 7.9.0.
    EventKind<MemoryDeviceSizeChange> MEMORY_DEVICE_SIZE_CHANGE =
            new EventKind<>("domain.memory-device-size-change", MemoryDeviceSizeChange.class, 7_009_000);

    /// The guest changed the MAC address of a network device. C: `VIR_DOMAIN_EVENT_ID_NIC_MAC_CHANGE`,
    /// libvirt 11.2.0.
    EventKind<NicMacChange> NIC_MAC_CHANGE = new EventKind<>("domain.nic-mac-change", NicMacChange.class, 11_002_000);

    /// A virtual CPU was removed from a domain. C: `VIR_DOMAIN_EVENT_ID_VCPU_REMOVED`, libvirt 12.4.0.
    EventKind<VcpuRemoved> VCPU_REMOVED = new EventKind<>("domain.vcpu-removed", VcpuRemoved.class, 12_004_000);

    /// A process in the guest opened or closed a channel of a domain. C:
    /// `VIR_DOMAIN_EVENT_ID_CHANNEL_LIFECYCLE`, libvirt 12.4.0.
    EventKind<ChannelLifecycle> CHANNEL_LIFECYCLE =
            new EventKind<>("domain.channel-lifecycle", ChannelLifecycle.class, 12_004_000);

    /// QEMU emitted an event on its monitor: any event, also those that libvirt does not translate.
    /// [#qemuMonitor] selects some of them. C: `virConnectDomainQemuMonitorEventRegister` of libvirt-qemu,
    /// libvirt 1.2.3.
    ///
    /// A registration for one domain receives nothing while the same connection has a registration for all
    /// domains, in C as well. Register for all domains in this case, and filter by [QemuMonitor#domain].
    ///
    /// This kind is for development: libvirt does not guarantee that the C function stays.
    EventKind<QemuMonitor> QEMU_MONITOR = new EventKind<>("domain.qemu-monitor", QemuMonitor.class, 1_002_003);

    /// The kind [#QEMU_MONITOR], limited to the events of one name or pattern.
    ///
    /// @param event QEMU's name of the event, such as `POWERDOWN`; with
    ///     [ConnectDomainQemuMonitorEventRegisterFlags#REGEX] a regular expression (GLib's)
    /// @param flags `REGEX`; `NOCASE` matches regardless of case
    static EventKind<QemuMonitor> qemuMonitor(String event, ConnectDomainQemuMonitorEventRegisterFlags... flags) {
        return QEMU_MONITOR.filtered(Objects.requireNonNull(event, "event"), Flag.combine(flags));
    }

    /// The domain that the event is about.
    DomainIdentity domain();

    /// A domain was defined, started, suspended, …
    ///
    /// C: `virConnectDomainEventCallback`.
    ///
    /// @param domain the domain
    /// @param rawType the change of state, a `virDomainEventType`
    /// @param rawDetail the cause or manner; the type determines its enumeration
    record Lifecycle(DomainIdentity domain, int rawType, int rawDetail) implements DomainEvent {
        /// The change of state.
        public DomainEventType type() {
            return DomainEventType.of(rawType);
        }

        /// The cause or manner of the change, a constant of the enumeration that belongs to [#type]. For a
        /// type newer than this jar it is `DomainEventType.UNRECOGNIZED`, because the enumeration of
        /// [#rawDetail] is not known.
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

    /// A domain was restarted without being stopped: by its guest, or by a reset. C:
    /// `virConnectDomainEventGenericCallback`.
    ///
    /// @param domain the domain
    record Reboot(DomainIdentity domain) implements DomainEvent {
        @Override
        public EventKind<Reboot> kind() {
            return REBOOT;
        }

        @Override
        public String toString() {
            return REBOOT + " " + domain.name();
        }
    }

    /// The guest set the clock of a domain. C: `virConnectDomainEventRTCChangeCallback`.
    ///
    /// @param domain the domain
    /// @param utcOffset the difference of the domain's clock to UTC; negative if it is behind
    record RtcChange(DomainIdentity domain, Duration utcOffset) implements DomainEvent {
        @Override
        public EventKind<RtcChange> kind() {
            return RTC_CHANGE;
        }

        @Override
        public String toString() {
            return RTC_CHANGE + " " + domain.name() + " " + utcOffset;
        }
    }

    /// The watchdog device of a domain fired. C: `virConnectDomainEventWatchdogCallback`.
    ///
    /// @param domain the domain
    /// @param rawAction the reaction of the hypervisor, a `virDomainEventWatchdogAction`
    record Watchdog(DomainIdentity domain, int rawAction) implements DomainEvent {
        /// The reaction of the hypervisor.
        public DomainEventWatchdogAction action() {
            return DomainEventWatchdogAction.of(rawAction);
        }

        @Override
        public EventKind<Watchdog> kind() {
            return WATCHDOG;
        }

        @Override
        public String toString() {
            return WATCHDOG + " " + domain.name() + " " + action();
        }
    }

    /// Reading or writing a disk of a domain failed. C: `virConnectDomainEventIOErrorCallback`.
    ///
    /// @param domain the domain
    /// @param srcPath the path of the disk on the host
    /// @param devAlias the alias of the disk in the domain's description
    /// @param rawAction the reaction of the hypervisor, a `virDomainEventIOErrorAction`
    record IoError(DomainIdentity domain, String srcPath, String devAlias, int rawAction) implements DomainEvent {
        /// The reaction of the hypervisor.
        public DomainEventIoErrorAction action() {
            return DomainEventIoErrorAction.of(rawAction);
        }

        @Override
        public EventKind<IoError> kind() {
            return IO_ERROR;
        }

        @Override
        public String toString() {
            return IO_ERROR + " " + domain.name() + " " + srcPath + " " + devAlias + " " + action();
        }
    }

    /// A client connected to the graphical console of a domain, authenticated, or disconnected. C:
    /// `virConnectDomainEventGraphicsCallback`.
    ///
    /// @param domain the domain
    /// @param rawPhase the phase of the client's connection, a `virDomainEventGraphicsPhase`
    /// @param local the address of the console
    /// @param remote the address of the client
    /// @param authScheme the authentication scheme of the client
    /// @param subject the known identities of the client
    record Graphics(
            DomainIdentity domain,
            int rawPhase,
            @Nullable GraphicsAddress local,
            @Nullable GraphicsAddress remote,
            String authScheme,
            List<GraphicsIdentity> subject)
            implements DomainEvent {
        /// Copies the list.
        public Graphics {
            subject = List.copyOf(subject);
        }

        /// The phase of the client's connection.
        public DomainEventGraphicsPhase phase() {
            return DomainEventGraphicsPhase.of(rawPhase);
        }

        @Override
        public EventKind<Graphics> kind() {
            return GRAPHICS;
        }

        @Override
        public String toString() {
            return GRAPHICS + " " + domain.name() + " " + phase() + " " + local + " " + remote + " " + authScheme + " "
                    + subject;
        }
    }

    /// Reading or writing a disk of a domain failed; the event carries the reason. C:
    /// `virConnectDomainEventIOErrorReasonCallback`.
    ///
    /// @param domain the domain
    /// @param srcPath the path of the disk on the host
    /// @param devAlias the alias of the disk in the domain's description
    /// @param rawAction the reaction of the hypervisor, a `virDomainEventIOErrorAction`
    /// @param reason the reason: `enospc` for a full disk; since libvirt 11.1 `message` if
    ///     `virDomainGetMessages` returns a description; otherwise empty
    record IoErrorReason(DomainIdentity domain, String srcPath, String devAlias, int rawAction, String reason)
            implements DomainEvent {
        /// The reaction of the hypervisor.
        public DomainEventIoErrorAction action() {
            return DomainEventIoErrorAction.of(rawAction);
        }

        @Override
        public EventKind<IoErrorReason> kind() {
            return IO_ERROR_REASON;
        }

        @Override
        public String toString() {
            return IO_ERROR_REASON + " " + domain.name() + " " + srcPath + " " + devAlias + " " + action() + " "
                    + reason;
        }
    }

    /// libvirt lost control of the hypervisor process of a domain; the domain must be restarted to be
    /// controlled again. C: `virConnectDomainEventGenericCallback`.
    ///
    /// @param domain the domain
    record ControlError(DomainIdentity domain) implements DomainEvent {
        @Override
        public EventKind<ControlError> kind() {
            return CONTROL_ERROR;
        }

        @Override
        public String toString() {
            return CONTROL_ERROR + " " + domain.name();
        }
    }

    /// A job on a disk of a domain ended or became ready; the event names the disk by its path. C:
    /// `virConnectDomainEventBlockJobCallback`.
    ///
    /// @param domain the domain
    /// @param disk the path of the disk on the host
    /// @param rawType the type of the job, a `virDomainBlockJobType`
    /// @param rawStatus the outcome of the job, a `virConnectDomainEventBlockJobStatus`
    record BlockJob(DomainIdentity domain, String disk, int rawType, int rawStatus) implements DomainEvent {
        /// The type of the job.
        public DomainBlockJobType type() {
            return DomainBlockJobType.of(rawType);
        }

        /// The outcome of the job.
        public ConnectDomainEventBlockJobStatus status() {
            return ConnectDomainEventBlockJobStatus.of(rawStatus);
        }

        @Override
        public EventKind<BlockJob> kind() {
            return BLOCK_JOB;
        }

        @Override
        public String toString() {
            return BLOCK_JOB + " " + domain.name() + " " + disk + " " + type() + " " + status();
        }
    }

    /// The source of a disk of a domain was replaced or removed. C:
    /// `virConnectDomainEventDiskChangeCallback`.
    ///
    /// @param domain the domain
    /// @param oldSrcPath the previous path; null if the drive was empty
    /// @param newSrcPath the new path; null if the drive is empty now
    /// @param devAlias the alias of the disk in the domain's description
    /// @param rawReason the reason, a `virConnectDomainEventDiskChangeReason`
    record DiskChange(
            DomainIdentity domain,
            @Nullable String oldSrcPath,
            @Nullable String newSrcPath,
            String devAlias,
            int rawReason)
            implements DomainEvent {
        /// The reason.
        public ConnectDomainEventDiskChangeReason reason() {
            return ConnectDomainEventDiskChangeReason.of(rawReason);
        }

        @Override
        public EventKind<DiskChange> kind() {
            return DISK_CHANGE;
        }

        @Override
        public String toString() {
            return DISK_CHANGE + " " + domain.name() + " " + oldSrcPath + " " + newSrcPath + " " + devAlias + " "
                    + reason();
        }
    }

    /// The tray of a drive of a domain was opened or closed. C: `virConnectDomainEventTrayChangeCallback`.
    ///
    /// @param domain the domain
    /// @param devAlias the alias of the drive in the domain's description
    /// @param rawReason opened or closed, a `virDomainEventTrayChangeReason`
    record TrayChange(DomainIdentity domain, String devAlias, int rawReason) implements DomainEvent {
        /// Opened or closed.
        public DomainEventTrayChangeReason reason() {
            return DomainEventTrayChangeReason.of(rawReason);
        }

        @Override
        public EventKind<TrayChange> kind() {
            return TRAY_CHANGE;
        }

        @Override
        public String toString() {
            return TRAY_CHANGE + " " + domain.name() + " " + devAlias + " " + reason();
        }
    }

    /// The guest of a domain woke up from sleep. C: `virConnectDomainEventPMWakeupCallback`.
    ///
    /// @param domain the domain
    /// @param rawReason always 0 so far
    record PmWakeup(DomainIdentity domain, int rawReason) implements DomainEvent {
        @Override
        public EventKind<PmWakeup> kind() {
            return PMWAKEUP;
        }

        @Override
        public String toString() {
            return PMWAKEUP + " " + domain.name();
        }
    }

    /// The guest of a domain suspended itself to memory. C: `virConnectDomainEventPMSuspendCallback`.
    ///
    /// @param domain the domain
    /// @param rawReason always 0 so far
    record PmSuspend(DomainIdentity domain, int rawReason) implements DomainEvent {
        @Override
        public EventKind<PmSuspend> kind() {
            return PMSUSPEND;
        }

        @Override
        public String toString() {
            return PMSUSPEND + " " + domain.name();
        }
    }

    /// The balloon device changed the memory that a domain currently has. C:
    /// `virConnectDomainEventBalloonChangeCallback`.
    ///
    /// @param domain the domain
    /// @param actual the memory that the domain has now, in KiB; unsigned
    record BalloonChange(DomainIdentity domain, long actual) implements DomainEvent {
        @Override
        public EventKind<BalloonChange> kind() {
            return BALLOON_CHANGE;
        }

        @Override
        public String toString() {
            return BALLOON_CHANGE + " " + domain.name() + " " + Long.toUnsignedString(actual);
        }
    }

    /// The guest of a domain suspended itself to disk. C: `virConnectDomainEventPMSuspendDiskCallback`.
    ///
    /// @param domain the domain
    /// @param rawReason always 0 so far
    record PmSuspendDisk(DomainIdentity domain, int rawReason) implements DomainEvent {
        @Override
        public EventKind<PmSuspendDisk> kind() {
            return PMSUSPEND_DISK;
        }

        @Override
        public String toString() {
            return PMSUSPEND_DISK + " " + domain.name();
        }
    }

    /// A device was removed from a domain. C: `virConnectDomainEventDeviceRemovedCallback`.
    ///
    /// @param domain the domain
    /// @param alias the alias that the device had in the domain's description
    record DeviceRemoved(DomainIdentity domain, String alias) implements DomainEvent {
        @Override
        public EventKind<DeviceRemoved> kind() {
            return DEVICE_REMOVED;
        }

        @Override
        public String toString() {
            return DEVICE_REMOVED + " " + domain.name() + " " + alias;
        }
    }

    /// A job on a disk of a domain ended or became ready; the event names the disk by its target. C:
    /// `virConnectDomainEventBlockJobCallback`.
    ///
    /// @param domain the domain
    /// @param disk the target, the disk's name in the domain's description: `vda`, …
    /// @param rawType the type of the job, a `virDomainBlockJobType`
    /// @param rawStatus the outcome of the job, a `virConnectDomainEventBlockJobStatus`
    record BlockJob2(DomainIdentity domain, String disk, int rawType, int rawStatus) implements DomainEvent {
        /// The type of the job.
        public DomainBlockJobType type() {
            return DomainBlockJobType.of(rawType);
        }

        /// The outcome of the job.
        public ConnectDomainEventBlockJobStatus status() {
            return ConnectDomainEventBlockJobStatus.of(rawStatus);
        }

        @Override
        public EventKind<BlockJob2> kind() {
            return BLOCK_JOB_2;
        }

        @Override
        public String toString() {
            return BLOCK_JOB_2 + " " + domain.name() + " " + disk + " " + type() + " " + status();
        }
    }

    /// Tunables of a domain were changed. C: `virConnectDomainEventTunableCallback`.
    ///
    /// @param domain the domain
    /// @param params the changed tunables, under the keys of `DomainTunableKeys`
    record Tunable(DomainIdentity domain, TypedParameters params) implements DomainEvent {
        @Override
        public EventKind<Tunable> kind() {
            return TUNABLE;
        }

        @Override
        public String toString() {
            return TUNABLE + " " + domain.name() + " " + params;
        }
    }

    /// The guest agent of a domain connected or disconnected. C:
    /// `virConnectDomainEventAgentLifecycleCallback`.
    ///
    /// @param domain the domain
    /// @param rawState connected or disconnected, a `virConnectDomainEventAgentLifecycleState`
    /// @param rawReason the reason, a `virConnectDomainEventAgentLifecycleReason`
    record AgentLifecycle(DomainIdentity domain, int rawState, int rawReason) implements DomainEvent {
        /// Connected or disconnected.
        public ConnectDomainEventAgentLifecycleState state() {
            return ConnectDomainEventAgentLifecycleState.of(rawState);
        }

        /// The reason.
        public ConnectDomainEventAgentLifecycleReason reason() {
            return ConnectDomainEventAgentLifecycleReason.of(rawReason);
        }

        @Override
        public EventKind<AgentLifecycle> kind() {
            return AGENT_LIFECYCLE;
        }

        @Override
        public String toString() {
            return AGENT_LIFECYCLE + " " + domain.name() + " " + state() + " " + reason();
        }
    }

    /// A device was added to a domain. C: `virConnectDomainEventDeviceAddedCallback`.
    ///
    /// @param domain the domain
    /// @param alias the alias of the device in the domain's description
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

    /// The migration of a domain began another iteration, which copies the memory that changed during the
    /// last one. C: `virConnectDomainEventMigrationIterationCallback`.
    ///
    /// @param domain the domain
    /// @param iteration the number of the iteration
    record MigrationIteration(DomainIdentity domain, int iteration) implements DomainEvent {
        @Override
        public EventKind<MigrationIteration> kind() {
            return MIGRATION_ITERATION;
        }

        @Override
        public String toString() {
            return MIGRATION_ITERATION + " " + domain.name() + " " + iteration;
        }
    }

    /// A long job on a domain ended: saving, dumping, migrating, … C:
    /// `virConnectDomainEventJobCompletedCallback`.
    ///
    /// @param domain the domain
    /// @param params the statistics of the job, under the keys of `DomainJobKeys`
    record JobCompleted(DomainIdentity domain, TypedParameters params) implements DomainEvent {
        @Override
        public EventKind<JobCompleted> kind() {
            return JOB_COMPLETED;
        }

        @Override
        public String toString() {
            return JOB_COMPLETED + " " + domain.name() + " " + params;
        }
    }

    /// The removal of a device failed: the guest did not release it. C:
    /// `virConnectDomainEventDeviceRemovalFailedCallback`.
    ///
    /// @param domain the domain
    /// @param alias the alias of the device in the domain's description
    record DeviceRemovalFailed(DomainIdentity domain, String alias) implements DomainEvent {
        @Override
        public EventKind<DeviceRemovalFailed> kind() {
            return DEVICE_REMOVAL_FAILED;
        }

        @Override
        public String toString() {
            return DEVICE_REMOVAL_FAILED + " " + domain.name() + " " + alias;
        }
    }

    /// The title, the description or the metadata of a domain changed. C:
    /// `virConnectDomainEventMetadataChangeCallback`.
    ///
    /// @param domain the domain
    /// @param rawType the part that changed, a `virDomainMetadataType`
    /// @param uri the namespace of the changed element; null if the title or the description changed
    record MetadataChange(
            DomainIdentity domain, int rawType, @Nullable String uri) implements DomainEvent {
        /// The part that changed.
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

    /// Writes to a disk of a domain exceeded the threshold set for it. C:
    /// `virConnectDomainEventBlockThresholdCallback`.
    ///
    /// @param domain the domain
    /// @param dev the target, the disk's name in the domain's description: `vda`, or `vda[1]` for a layer of
    ///     its backing chain
    /// @param path the path on the host; null if the disk is not a file
    /// @param threshold the threshold, in bytes; unsigned
    /// @param excess the number of bytes beyond the threshold; unsigned
    record BlockThreshold(
            DomainIdentity domain, String dev, @Nullable String path, long threshold, long excess)
            implements DomainEvent {
        @Override
        public EventKind<BlockThreshold> kind() {
            return BLOCK_THRESHOLD;
        }

        @Override
        public String toString() {
            return BLOCK_THRESHOLD + " " + domain.name() + " " + dev + " " + path + " "
                    + Long.toUnsignedString(threshold) + " " + Long.toUnsignedString(excess);
        }
    }

    /// The host detected a failure in the memory of a domain. C:
    /// `virConnectDomainEventMemoryFailureCallback`.
    ///
    /// @param domain the domain
    /// @param rawRecipient the recipient of the failure, a `virDomainMemoryFailureRecipientType`
    /// @param rawAction the action taken, a `virDomainMemoryFailureActionType`
    /// @param rawFlags further properties, bits of `virDomainMemoryFailureFlags`
    record MemoryFailure(DomainIdentity domain, int rawRecipient, int rawAction, int rawFlags) implements DomainEvent {
        /// The recipient of the failure: the hypervisor or the guest.
        public DomainMemoryFailureRecipientType recipient() {
            return DomainMemoryFailureRecipientType.of(rawRecipient);
        }

        /// The action taken.
        public DomainMemoryFailureActionType action() {
            return DomainMemoryFailureActionType.of(rawAction);
        }

        /// Further properties of the failure. Bits newer than this jar are in [#rawFlags] only.
        public Set<DomainMemoryFailureFlags> flags() {
            return DomainMemoryFailureFlags.of(rawFlags);
        }

        @Override
        public EventKind<MemoryFailure> kind() {
            return MEMORY_FAILURE;
        }

        @Override
        public String toString() {
            return MEMORY_FAILURE + " " + domain.name() + " " + recipient() + " " + action() + " " + flags();
        }
    }

    /// A memory device of a domain changed its size. C:
    /// `virConnectDomainEventMemoryDeviceSizeChangeCallback`.
    ///
    /// @param domain the domain
    /// @param alias the alias of the device in the domain's description
    /// @param size the new size, in KiB; unsigned
    record MemoryDeviceSizeChange(DomainIdentity domain, String alias, long size) implements DomainEvent {
        @Override
        public EventKind<MemoryDeviceSizeChange> kind() {
            return MEMORY_DEVICE_SIZE_CHANGE;
        }

        @Override
        public String toString() {
            return MEMORY_DEVICE_SIZE_CHANGE + " " + domain.name() + " " + alias + " " + Long.toUnsignedString(size);
        }
    }

    /// The guest changed the MAC address of a network device. QEMU's driver delivers this only for a device
    /// whose description has `trustGuestRxFilters='yes'`. C: `virConnectDomainEventNICMACChangeCallback`.
    ///
    /// @param domain the domain
    /// @param alias the alias of the device in the domain's description
    /// @param oldMac the previous address
    /// @param newMac the new address
    record NicMacChange(DomainIdentity domain, String alias, String oldMac, String newMac) implements DomainEvent {
        @Override
        public EventKind<NicMacChange> kind() {
            return NIC_MAC_CHANGE;
        }

        @Override
        public String toString() {
            return NIC_MAC_CHANGE + " " + domain.name() + " " + alias + " " + oldMac + " " + newMac;
        }
    }

    /// A virtual CPU was removed from a domain. C: `virConnectDomainEventVcpuRemovedCallback`.
    ///
    /// @param domain the domain
    /// @param vcpuId the number of the virtual CPU
    record VcpuRemoved(DomainIdentity domain, long vcpuId) implements DomainEvent {
        @Override
        public EventKind<VcpuRemoved> kind() {
            return VCPU_REMOVED;
        }

        @Override
        public String toString() {
            return VCPU_REMOVED + " " + domain.name() + " " + vcpuId;
        }
    }

    /// A process in the guest opened or closed a channel of a domain. C:
    /// `virConnectDomainEventChannelLifecycleCallback`.
    ///
    /// @param domain the domain
    /// @param channelName the name of the channel
    /// @param rawState open or closed, a `virConnectDomainEventChannelLifecycleState`
    /// @param rawReason the reason, a `virConnectDomainEventChannelLifecycleReason`
    record ChannelLifecycle(DomainIdentity domain, String channelName, int rawState, int rawReason)
            implements DomainEvent {
        /// Open or closed.
        public ConnectDomainEventChannelLifecycleState state() {
            return ConnectDomainEventChannelLifecycleState.of(rawState);
        }

        /// The reason.
        public ConnectDomainEventChannelLifecycleReason reason() {
            return ConnectDomainEventChannelLifecycleReason.of(rawReason);
        }

        @Override
        public EventKind<ChannelLifecycle> kind() {
            return CHANNEL_LIFECYCLE;
        }

        @Override
        public String toString() {
            return CHANNEL_LIFECYCLE + " " + domain.name() + " " + channelName + " " + state() + " " + reason();
        }
    }

    /// QEMU emitted an event on its monitor. C: `virConnectDomainQemuMonitorEventCallback`.
    ///
    /// @param domain the domain
    /// @param event QEMU's name of the event, such as `POWERDOWN`
    /// @param seconds the time of the event by the host's clock, in seconds since 1970; −1 if QEMU could not
    ///     read the clock
    /// @param micros the microseconds within the second
    /// @param details the data of the event, a JSON object; null if there is none
    record QemuMonitor(
            DomainIdentity domain,
            String event,
            long seconds,
            long micros,
            @Nullable String details) implements DomainEvent {
        /// The time of the event, by the host's clock.
        ///
        /// @throws java.time.DateTimeException if QEMU reported no valid time
        public Instant time() {
            return Instant.ofEpochSecond(seconds, micros * 1_000);
        }

        @Override
        public EventKind<QemuMonitor> kind() {
            return QEMU_MONITOR;
        }

        @Override
        public String toString() {
            return QEMU_MONITOR + " " + domain.name() + " " + event + (details == null ? "" : " " + details);
        }
    }
}
