package io.github.libvirt4j.event;

import io.github.libvirt4j.types.NodeDeviceEventLifecycleType;

/// Something that happened to a device of the host. Immutable, for use by any thread.
public sealed interface NodeDeviceEvent extends Event {
    /// A device was created, deleted, … C: `VIR_NODE_DEVICE_EVENT_ID_LIFECYCLE`, libvirt 2.2.0.
    EventKind<Lifecycle> LIFECYCLE = new EventKind<>("node-device.lifecycle", Lifecycle.class, 2_002_000);

    /// The host describes a device otherwise than before. C: `VIR_NODE_DEVICE_EVENT_ID_UPDATE`, libvirt
    /// 2.2.0.
    EventKind<Update> UPDATE = new EventKind<>("node-device.update", Update.class, 2_002_000);

    /// The device it happened to.
    NodeDeviceIdentity nodeDevice();

    /// A device was created, deleted, … C: `virConnectNodeDeviceEventLifecycleCallback`.
    ///
    /// @param nodeDevice the device
    /// @param rawType what happened, a `virNodeDeviceEventLifecycleType`
    /// @param rawDetail always 0 so far
    record Lifecycle(NodeDeviceIdentity nodeDevice, int rawType, int rawDetail) implements NodeDeviceEvent {
        /// What happened.
        public NodeDeviceEventLifecycleType type() {
            return NodeDeviceEventLifecycleType.of(rawType);
        }

        @Override
        public EventKind<Lifecycle> kind() {
            return LIFECYCLE;
        }

        @Override
        public String toString() {
            return LIFECYCLE + " " + nodeDevice.name() + " " + type();
        }
    }

    /// The host describes a device otherwise than before. C: `virConnectNodeDeviceEventGenericCallback`.
    ///
    /// @param nodeDevice the device
    record Update(NodeDeviceIdentity nodeDevice) implements NodeDeviceEvent {
        @Override
        public EventKind<Update> kind() {
            return UPDATE;
        }

        @Override
        public String toString() {
            return UPDATE + " " + nodeDevice.name();
        }
    }
}
