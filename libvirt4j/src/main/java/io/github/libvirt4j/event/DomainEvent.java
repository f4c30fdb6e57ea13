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

/// Something that happened to a domain. Immutable, for use by any thread.
public sealed interface DomainEvent extends Event {
    /// A domain was defined, started, suspended, … C: `VIR_DOMAIN_EVENT_ID_LIFECYCLE`, libvirt 0.8.0.
    EventKind<Lifecycle> LIFECYCLE = new EventKind<>("domain.lifecycle", Lifecycle.class, 8_000);

    /// It was restarted without being stopped: from within, or by a reset. C:
    /// `VIR_DOMAIN_EVENT_ID_REBOOT`, libvirt 0.8.0.
    EventKind<Reboot> REBOOT = new EventKind<>("domain.reboot", Reboot.class, 8_000);

    /// The guest set its clock. C: `VIR_DOMAIN_EVENT_ID_RTC_CHANGE`, libvirt 0.8.0.
    EventKind<RtcChange> RTC_CHANGE = new EventKind<>("domain.rtc-change", RtcChange.class, 8_000);

    /// Its watchdog device fired. C: `VIR_DOMAIN_EVENT_ID_WATCHDOG`, libvirt 0.8.0.
    EventKind<Watchdog> WATCHDOG = new EventKind<>("domain.watchdog", Watchdog.class, 8_000);

    /// Reading or writing one of its disks failed. C: `VIR_DOMAIN_EVENT_ID_IO_ERROR`, libvirt 0.8.0.
    EventKind<IoError> IO_ERROR = new EventKind<>("domain.io-error", IoError.class, 8_000);

    /// Somebody came to its graphical console, was let in, or left. C: `VIR_DOMAIN_EVENT_ID_GRAPHICS`,
    /// libvirt 0.8.0.
    EventKind<Graphics> GRAPHICS = new EventKind<>("domain.graphics", Graphics.class, 8_000);

    /// Reading or writing one of its disks failed, and why. C: `VIR_DOMAIN_EVENT_ID_IO_ERROR_REASON`,
    /// libvirt 0.8.1.
    EventKind<IoErrorReason> IO_ERROR_REASON = new EventKind<>("domain.io-error-reason", IoErrorReason.class, 8_001);

    /// libvirt can no longer talk to its hypervisor process; it must be restarted to be controlled
    /// again. C: `VIR_DOMAIN_EVENT_ID_CONTROL_ERROR`, libvirt 0.9.2.
    EventKind<ControlError> CONTROL_ERROR = new EventKind<>("domain.control-error", ControlError.class, 9_002);

    /// A job on one of its disks ended or got ready; the disk is named by its path. See [#BLOCK_JOB_2].
    /// C: `VIR_DOMAIN_EVENT_ID_BLOCK_JOB`, libvirt 0.9.4.
    EventKind<BlockJob> BLOCK_JOB = new EventKind<>("domain.block-job", BlockJob.class, 9_004);

    /// One of its disks got another source, or lost it. C: `VIR_DOMAIN_EVENT_ID_DISK_CHANGE`, libvirt
    /// 0.9.7.
    EventKind<DiskChange> DISK_CHANGE = new EventKind<>("domain.disk-change", DiskChange.class, 9_007);

    /// The tray of one of its drives was opened or closed. C: `VIR_DOMAIN_EVENT_ID_TRAY_CHANGE`,
    /// libvirt 0.9.11.
    EventKind<TrayChange> TRAY_CHANGE = new EventKind<>("domain.tray-change", TrayChange.class, 9_011);

    /// The guest woke up from sleep. C: `VIR_DOMAIN_EVENT_ID_PMWAKEUP`, libvirt 0.9.11.
    EventKind<PmWakeup> PMWAKEUP = new EventKind<>("domain.pmwakeup", PmWakeup.class, 9_011);

    /// The guest went to sleep, to memory. C: `VIR_DOMAIN_EVENT_ID_PMSUSPEND`, libvirt 0.9.11.
    EventKind<PmSuspend> PMSUSPEND = new EventKind<>("domain.pmsuspend", PmSuspend.class, 9_011);

    /// The memory it really has was changed through its balloon. C:
    /// `VIR_DOMAIN_EVENT_ID_BALLOON_CHANGE`, libvirt 0.10.0.
    EventKind<BalloonChange> BALLOON_CHANGE = new EventKind<>("domain.balloon-change", BalloonChange.class, 10_000);

    /// The guest went to sleep, to disk. C: `VIR_DOMAIN_EVENT_ID_PMSUSPEND_DISK`, libvirt 1.0.0.
    EventKind<PmSuspendDisk> PMSUSPEND_DISK = new EventKind<>("domain.pmsuspend-disk", PmSuspendDisk.class, 1_000_000);

    /// A device was removed from it. C: `VIR_DOMAIN_EVENT_ID_DEVICE_REMOVED`, libvirt 1.1.1.
    EventKind<DeviceRemoved> DEVICE_REMOVED = new EventKind<>("domain.device-removed", DeviceRemoved.class, 1_001_001);

    /// A job on one of its disks ended or got ready; the disk is named by its target. Better than
    /// [#BLOCK_JOB]: that name stays when the path does not. C: `VIR_DOMAIN_EVENT_ID_BLOCK_JOB_2`,
    /// libvirt 1.2.6.
    EventKind<BlockJob2> BLOCK_JOB_2 = new EventKind<>("domain.block-job-2", BlockJob2.class, 1_002_006);

    /// Some of its tunables were changed. C: `VIR_DOMAIN_EVENT_ID_TUNABLE`, libvirt 1.2.9.
    EventKind<Tunable> TUNABLE = new EventKind<>("domain.tunable", Tunable.class, 1_002_009);

    /// Its guest agent came or went. C: `VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE`, libvirt 1.2.11.
    EventKind<AgentLifecycle> AGENT_LIFECYCLE =
            new EventKind<>("domain.agent-lifecycle", AgentLifecycle.class, 1_002_011);

    /// A device was added to it. C: `VIR_DOMAIN_EVENT_ID_DEVICE_ADDED`, libvirt 1.2.15.
    EventKind<DeviceAdded> DEVICE_ADDED = new EventKind<>("domain.device-added", DeviceAdded.class, 1_002_015);

    /// Its migration began to copy once more what had changed meanwhile. C:
    /// `VIR_DOMAIN_EVENT_ID_MIGRATION_ITERATION`, libvirt 1.3.2.
    EventKind<MigrationIteration> MIGRATION_ITERATION =
            new EventKind<>("domain.migration-iteration", MigrationIteration.class, 1_003_002);

    /// A long job on it ended: saving, dumping, migrating, … C: `VIR_DOMAIN_EVENT_ID_JOB_COMPLETED`,
    /// libvirt 1.3.3.
    EventKind<JobCompleted> JOB_COMPLETED = new EventKind<>("domain.job-completed", JobCompleted.class, 1_003_003);

    /// The guest did not let go of a device that was to be removed. C:
    /// `VIR_DOMAIN_EVENT_ID_DEVICE_REMOVAL_FAILED`, libvirt 1.3.4.
    EventKind<DeviceRemovalFailed> DEVICE_REMOVAL_FAILED =
            new EventKind<>("domain.device-removal-failed", DeviceRemovalFailed.class, 1_003_004);

    /// Its title, description or metadata changed. C: `VIR_DOMAIN_EVENT_ID_METADATA_CHANGE`, libvirt
    /// 3.0.0.
    EventKind<MetadataChange> METADATA_CHANGE =
            new EventKind<>("domain.metadata-change", MetadataChange.class, 3_000_000);

    /// More was written to a disk than the threshold set for it. C:
    /// `VIR_DOMAIN_EVENT_ID_BLOCK_THRESHOLD`, libvirt 3.2.0.
    EventKind<BlockThreshold> BLOCK_THRESHOLD =
            new EventKind<>("domain.block-threshold", BlockThreshold.class, 3_002_000);

    /// The host found some of its memory broken. C: `VIR_DOMAIN_EVENT_ID_MEMORY_FAILURE`, libvirt
    /// 6.9.0.
    EventKind<MemoryFailure> MEMORY_FAILURE = new EventKind<>("domain.memory-failure", MemoryFailure.class, 6_009_000);

    /// One of its memory devices gives it more or less than before. C:
    /// `VIR_DOMAIN_EVENT_ID_MEMORY_DEVICE_SIZE_CHANGE`, libvirt 7.9.0.
    EventKind<MemoryDeviceSizeChange> MEMORY_DEVICE_SIZE_CHANGE =
            new EventKind<>("domain.memory-device-size-change", MemoryDeviceSizeChange.class, 7_009_000);

    /// The guest changed the hardware address of one of its network devices. C:
    /// `VIR_DOMAIN_EVENT_ID_NIC_MAC_CHANGE`, libvirt 11.2.0.
    EventKind<NicMacChange> NIC_MAC_CHANGE = new EventKind<>("domain.nic-mac-change", NicMacChange.class, 11_002_000);

    /// A virtual processor was removed from it. C: `VIR_DOMAIN_EVENT_ID_VCPU_REMOVED`, libvirt 12.4.0.
    EventKind<VcpuRemoved> VCPU_REMOVED = new EventKind<>("domain.vcpu-removed", VcpuRemoved.class, 12_004_000);

    /// Somebody in the guest opened or closed one of its channels. C:
    /// `VIR_DOMAIN_EVENT_ID_CHANNEL_LIFECYCLE`, libvirt 12.4.0.
    EventKind<ChannelLifecycle> CHANNEL_LIFECYCLE =
            new EventKind<>("domain.channel-lifecycle", ChannelLifecycle.class, 12_004_000);

    /// QEMU said something on its monitor: any event of its own, also those libvirt makes none of. For some
    /// of them only, see [#qemuMonitor]. C: `virConnectDomainQemuMonitorEventRegister` of libvirt-qemu,
    /// libvirt 1.2.3.
    ///
    /// A registration for one domain receives nothing while the connection has one for all domains, in C as
    /// well. Register for all then, and choose by [QemuMonitor#domain].
    ///
    /// For development; libvirt does not promise that it stays.
    EventKind<QemuMonitor> QEMU_MONITOR = new EventKind<>("domain.qemu-monitor", QemuMonitor.class, 1_002_003);

    /// Some of [#QEMU_MONITOR] only.
    ///
    /// @param event the name QEMU gives the event, as `POWERDOWN`; with
    ///     [ConnectDomainQemuMonitorEventRegisterFlags#REGEX] a regular expression (GLib's), with `NOCASE`
    ///     in any case
    static EventKind<QemuMonitor> qemuMonitor(String event, ConnectDomainQemuMonitorEventRegisterFlags... flags) {
        return QEMU_MONITOR.filtered(Objects.requireNonNull(event, "event"), Flag.combine(flags));
    }

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

    /// It was restarted without being stopped: from within, or by a reset. C:
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

    /// The guest set its clock. C: `virConnectDomainEventRTCChangeCallback`.
    ///
    /// @param domain the domain
    /// @param utcOffset how far its clock is ahead of UTC
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

    /// Its watchdog device fired. C: `virConnectDomainEventWatchdogCallback`.
    ///
    /// @param domain the domain
    /// @param rawAction what is done about it, a `virDomainEventWatchdogAction`
    record Watchdog(DomainIdentity domain, int rawAction) implements DomainEvent {
        /// What is done about it.
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

    /// Reading or writing one of its disks failed. C: `virConnectDomainEventIOErrorCallback`.
    ///
    /// @param domain the domain
    /// @param srcPath where the disk is on the host
    /// @param devAlias what the description calls the disk
    /// @param rawAction what is done about it, a `virDomainEventIOErrorAction`
    record IoError(DomainIdentity domain, String srcPath, String devAlias, int rawAction) implements DomainEvent {
        /// What is done about it.
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

    /// Somebody came to its graphical console, was let in, or left. C:
    /// `virConnectDomainEventGraphicsCallback`.
    ///
    /// @param domain the domain
    /// @param rawPhase what happened, a `virDomainEventGraphicsPhase`
    /// @param local the end that is the console's
    /// @param remote the end that is the visitor's
    /// @param authScheme how the visitor proved who it is
    /// @param subject who the visitor is, as far as that is known
    record Graphics(
            DomainIdentity domain,
            int rawPhase,
            @Nullable GraphicsAddress local,
            @Nullable GraphicsAddress remote,
            String authScheme,
            List<GraphicsIdentity> subject)
            implements DomainEvent {
        /// The list is copied.
        public Graphics {
            subject = List.copyOf(subject);
        }

        /// What happened.
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

    /// Reading or writing one of its disks failed, and why. C:
    /// `virConnectDomainEventIOErrorReasonCallback`.
    ///
    /// @param domain the domain
    /// @param srcPath where the disk is on the host
    /// @param devAlias what the description calls the disk
    /// @param rawAction what is done about it, a `virDomainEventIOErrorAction`
    /// @param reason why: `enospc` for a full disk; since libvirt 11.1, `message` if
    ///     `virDomainGetMessages` has words for it; else empty
    record IoErrorReason(DomainIdentity domain, String srcPath, String devAlias, int rawAction, String reason)
            implements DomainEvent {
        /// What is done about it.
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

    /// libvirt can no longer talk to its hypervisor process; it must be restarted to be controlled
    /// again. C: `virConnectDomainEventGenericCallback`.
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

    /// A job on one of its disks ended or got ready; the disk is named by its path. C:
    /// `virConnectDomainEventBlockJobCallback`.
    ///
    /// @param domain the domain
    /// @param disk where the disk is on the host
    /// @param rawType what kind of job, a `virDomainBlockJobType`
    /// @param rawStatus what became of it, a `virConnectDomainEventBlockJobStatus`
    record BlockJob(DomainIdentity domain, String disk, int rawType, int rawStatus) implements DomainEvent {
        /// What kind of job.
        public DomainBlockJobType type() {
            return DomainBlockJobType.of(rawType);
        }

        /// What became of it.
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

    /// One of its disks got another source, or lost it. C: `virConnectDomainEventDiskChangeCallback`.
    ///
    /// @param domain the domain
    /// @param oldSrcPath where it was; null if it was empty
    /// @param newSrcPath where it is now; null if it is empty
    /// @param devAlias what the description calls the disk
    /// @param rawReason why, a `virConnectDomainEventDiskChangeReason`
    record DiskChange(
            DomainIdentity domain,
            @Nullable String oldSrcPath,
            @Nullable String newSrcPath,
            String devAlias,
            int rawReason)
            implements DomainEvent {
        /// Why.
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

    /// The tray of one of its drives was opened or closed. C:
    /// `virConnectDomainEventTrayChangeCallback`.
    ///
    /// @param domain the domain
    /// @param devAlias what the description calls the drive
    /// @param rawReason which of the two, a `virDomainEventTrayChangeReason`
    record TrayChange(DomainIdentity domain, String devAlias, int rawReason) implements DomainEvent {
        /// Which of the two.
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

    /// The guest woke up from sleep. C: `virConnectDomainEventPMWakeupCallback`.
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

    /// The guest went to sleep, to memory. C: `virConnectDomainEventPMSuspendCallback`.
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

    /// The memory it really has was changed through its balloon. C:
    /// `virConnectDomainEventBalloonChangeCallback`.
    ///
    /// @param domain the domain
    /// @param actual how much it has now, in KiB; unsigned
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

    /// The guest went to sleep, to disk. C: `virConnectDomainEventPMSuspendDiskCallback`.
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

    /// A device was removed from it. C: `virConnectDomainEventDeviceRemovedCallback`.
    ///
    /// @param domain the domain
    /// @param alias what the description called the device
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

    /// A job on one of its disks ended or got ready; the disk is named by its target. C:
    /// `virConnectDomainEventBlockJobCallback`.
    ///
    /// @param domain the domain
    /// @param disk what the guest sees it as: `vda`, …
    /// @param rawType what kind of job, a `virDomainBlockJobType`
    /// @param rawStatus what became of it, a `virConnectDomainEventBlockJobStatus`
    record BlockJob2(DomainIdentity domain, String disk, int rawType, int rawStatus) implements DomainEvent {
        /// What kind of job.
        public DomainBlockJobType type() {
            return DomainBlockJobType.of(rawType);
        }

        /// What became of it.
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

    /// Some of its tunables were changed. C: `virConnectDomainEventTunableCallback`.
    ///
    /// @param domain the domain
    /// @param params those that were, by the names in `Constants.DOMAIN_TUNABLE_…`
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

    /// Its guest agent came or went. C: `virConnectDomainEventAgentLifecycleCallback`.
    ///
    /// @param domain the domain
    /// @param rawState whether it is there, a `virConnectDomainEventAgentLifecycleState`
    /// @param rawReason why, a `virConnectDomainEventAgentLifecycleReason`
    record AgentLifecycle(DomainIdentity domain, int rawState, int rawReason) implements DomainEvent {
        /// Whether it is there.
        public ConnectDomainEventAgentLifecycleState state() {
            return ConnectDomainEventAgentLifecycleState.of(rawState);
        }

        /// Why.
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

    /// Its migration began to copy once more what had changed meanwhile. C:
    /// `virConnectDomainEventMigrationIterationCallback`.
    ///
    /// @param domain the domain
    /// @param iteration how often it has
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

    /// A long job on it ended: saving, dumping, migrating, … C:
    /// `virConnectDomainEventJobCompletedCallback`.
    ///
    /// @param domain the domain
    /// @param params how it went, by the names in `Constants.DOMAIN_JOB_…`
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

    /// The guest did not let go of a device that was to be removed. C:
    /// `virConnectDomainEventDeviceRemovalFailedCallback`.
    ///
    /// @param domain the domain
    /// @param alias what the description calls the device
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

    /// More was written to a disk than the threshold set for it. C:
    /// `virConnectDomainEventBlockThresholdCallback`.
    ///
    /// @param domain the domain
    /// @param dev what the guest sees it as: `vda`, or `vda[1]` for a layer of it
    /// @param path where it is on the host, if it is a file
    /// @param threshold in bytes; unsigned
    /// @param excess how far it is exceeded, in bytes; unsigned
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

    /// The host found some of its memory broken. C: `virConnectDomainEventMemoryFailureCallback`.
    ///
    /// @param domain the domain
    /// @param rawRecipient whom it hits, a `virDomainMemoryFailureRecipientType`
    /// @param rawAction what was done about it, a `virDomainMemoryFailureActionType`
    /// @param rawFlags more about it, bits of `virDomainMemoryFailureFlags`
    record MemoryFailure(DomainIdentity domain, int rawRecipient, int rawAction, int rawFlags) implements DomainEvent {
        /// Whom it hits.
        public DomainMemoryFailureRecipientType recipient() {
            return DomainMemoryFailureRecipientType.of(rawRecipient);
        }

        /// What was done about it.
        public DomainMemoryFailureActionType action() {
            return DomainMemoryFailureActionType.of(rawAction);
        }

        /// More about it. Bits newer than this jar are in [#rawFlags] only.
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

    /// One of its memory devices gives it more or less than before. C:
    /// `virConnectDomainEventMemoryDeviceSizeChangeCallback`.
    ///
    /// @param domain the domain
    /// @param alias what the description calls the device
    /// @param size how much, in KiB; unsigned
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

    /// The guest changed the hardware address of one of its network devices. QEMU's driver tells it only of a
    /// device that is described with `trustGuestRxFilters='yes'`. C:
    /// `virConnectDomainEventNICMACChangeCallback`.
    ///
    /// @param domain the domain
    /// @param alias what the description calls the device
    /// @param oldMac the address it had
    /// @param newMac the address it has
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

    /// A virtual processor was removed from it. C: `virConnectDomainEventVcpuRemovedCallback`.
    ///
    /// @param domain the domain
    /// @param vcpuId its number
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

    /// Somebody in the guest opened or closed one of its channels. C:
    /// `virConnectDomainEventChannelLifecycleCallback`.
    ///
    /// @param domain the domain
    /// @param channelName which one
    /// @param rawState whether it is open, a `virConnectDomainEventChannelLifecycleState`
    /// @param rawReason why, a `virConnectDomainEventChannelLifecycleReason`
    record ChannelLifecycle(DomainIdentity domain, String channelName, int rawState, int rawReason)
            implements DomainEvent {
        /// Whether it is open.
        public ConnectDomainEventChannelLifecycleState state() {
            return ConnectDomainEventChannelLifecycleState.of(rawState);
        }

        /// Why.
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

    /// QEMU said something on its monitor. C: `virConnectDomainQemuMonitorEventCallback`.
    ///
    /// @param domain the domain
    /// @param event the name QEMU gives it, as `POWERDOWN`
    /// @param seconds when, since 1970, by the host's clock; −1 if QEMU could not read it
    /// @param micros and microseconds
    /// @param details what QEMU said with it, as a JSON object; null if nothing
    record QemuMonitor(
            DomainIdentity domain,
            String event,
            long seconds,
            long micros,
            @Nullable String details) implements DomainEvent {
        /// When it happened, by the host's clock.
        ///
        /// @throws java.time.DateTimeException if what QEMU said is no time
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
